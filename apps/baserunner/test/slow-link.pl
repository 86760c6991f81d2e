# The link of a network namespace, and whoever is at its other end: a TUN device that gives every packet back after a while,
# with its addresses changed over. So a connection from the device's address to a peer's comes in at the device's own, as one
# of the peer's, and one server on it is every peer. Checksums hold, as they do not mind the order of the addresses.
#
# slow-link.pl <device> <peer>=<milliseconds for one way>...   A packet to any other address is lost.
use strict;
use warnings;
use Socket qw(AF_INET AF_INET6 inet_pton);

my ($device, @peers) = @ARGV;
my %delays = map { my ($peer, $delay) = /^(.*)=(\d+)$/; (inet_pton($peer =~ /:/ ? AF_INET6 : AF_INET, $peer) => $delay) } @peers;

my ($TUNSETIFF, $IFF_TUN, $IFF_NO_PI) = (0x400454ca, 0x0001, 0x1000);
sysopen(my $tun, '/dev/net/tun', 2) or die "There is no TUN device: $!";
my $request = pack('a16 s x22', $device, $IFF_TUN | $IFF_NO_PI);
ioctl($tun, $TUNSETIFF, $request) or die "No TUN device can be made: $!";
$SIG{CHLD} = 'IGNORE';
$| = 1;
print "open\n";

while (sysread($tun, my $packet, 65536)) {
  my $version = ord($packet) >> 4;
  my ($at, $length) = $version == 4 ? (12, 4) : $version == 6 ? (8, 16) : next;
  my ($from, $to) = (substr($packet, $at, $length), substr($packet, $at + $length, $length));
  my $delay = $delays{$to};
  next if !defined $delay || fork;
  substr($packet, $at, 2 * $length) = $to . $from;
  select(undef, undef, undef, $delay / 1000);
  syswrite($tun, $packet);
  exit;
}

#!/bin/sh
# make-base-image.sh <folder> <node>: a root file system of what the Dockerfiles, and the tests of their images, use of Debian.
set -eu
root=$1
mkdir -p "$root/etc" "$root/tmp" "$root/usr/local/bin"
for name in bin lib lib64 sbin; do
  mkdir "$root/usr/$name"
  ln -s "usr/$name" "$root/$name"
done
cp "$2" "$root/usr/local/bin/node"
printf '%s\n' 'root:x:0:0::/root:/bin/sh' 'node:x:1000:1000::/home/node:/bin/sh' >"$root/etc/passwd"
printf '%s\n' 'root:x:0:' 'node:x:1000:' >"$root/etc/group"

programs=$(which sh bash ldd busybox strip setpriv grep sed \
  cat chmod chown cp dirname env find head ln ls mkdir sort stat touch tr)
libraries=$( (ldd "$2" $programs || true) 2>/dev/null | sed -n 's|^[^/]*\(/[^ ]*\) (0x.*|\1|p' | sort -u)
# The C library loads the resolver of names by itself, so ldd does not list it.
folder=$(dirname "$(echo "$libraries" | grep '/libc\.so')")
cp -L --parents $programs $libraries \
  "$folder/libnss_dns.so.2" "$folder/libnss_files.so.2" "$folder/libresolv.so.2" \
  /etc/ssl/certs/ca-certificates.crt "$root"

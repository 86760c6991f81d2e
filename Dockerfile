# BaseRunner as a container, for balenaOS and for docker compose. Only what the classic builder knows is used.
#
# The stages stand in this order because the classic builder makes every stage above the one it is asked for:
# `--target prebuilt` takes a bundle that is built already and needs no network; the default builds from source.

# The same bytes for every build; another one by --build-arg.
ARG NODE_IMAGE=node:24-slim@sha256:a9f5f7c91a432850b2a8a7797adf5eadb6c733ceed61167806cee7ea7fbc29df

# Below /image is what the image consists of besides BaseRunner: Node without its symbols, the libraries that it loads, and BusyBox
# for `sh`. apt-get only runs if the base image does not bring the tools.
FROM ${NODE_IMAGE} AS system
RUN { command -v busybox && command -v strip && ls /etc/ssl/certs/ca-certificates.crt; } \
  || { apt-get update && apt-get install --yes --no-install-recommends binutils busybox-static ca-certificates; }
WORKDIR /image
RUN mkdir -p bin etc/ssl/certs tmp usr/bin usr/local/bin \
  && strip -o usr/local/bin/node "$(command -v node)" \
  && cp "$(command -v setpriv)" usr/bin/ \
  && cp "$(command -v busybox)" bin/ \
  && for applet in $(busybox --list); do [ -e "bin/$applet" ] || ln -s busybox "bin/$applet"; done
# The C library loads the resolver of names by itself, so `ldd` does not list it.
RUN libraries=$(ldd usr/local/bin/node usr/bin/setpriv | sed -n 's|^[^/]*\(/[^ ]*\) (0x.*|\1|p' | sort -u) \
  && folder=$(dirname "$(echo "$libraries" | grep '/libc\.so')") \
  && cp -L --parents $libraries "$folder"/libnss_dns.so.2 "$folder"/libnss_files.so.2 "$folder"/libresolv.so.2 .
RUN cp /etc/ssl/certs/ca-certificates.crt etc/ssl/certs/ \
  && printf '%s\n' 'hosts: files dns' >etc/nsswitch.conf \
  && printf '%s\n' 'root:x:0:0::/:/bin/sh' 'node:x:1000:1000::/:/bin/sh' >etc/passwd \
  && printf '%s\n' 'root:x:0:' 'node:x:1000:' >etc/group \
  && find . -exec touch -h -d @0 {} +

FROM scratch AS runtime
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
COPY --from=system /image/ /
COPY apps/baserunner/container/ /opt/baserunner/
# The state directory belongs to the user of the agent, and so does a new volume that is mounted on it.
RUN node --version \
  && mkdir -p /data/baseos \
  && chown node:node /data/baseos \
  && chmod 700 /data/baseos \
  && chmod 1777 /tmp \
  && mkdir /opt/baserunner/compiled \
  && chown node:node /opt/baserunner/compiled \
  && chmod 755 /opt/baserunner/baserunner /opt/baserunner/is-alive \
  && ln -s /opt/baserunner/baserunner /usr/local/bin/baserunner
USER node
WORKDIR /opt/baserunner
ENTRYPOINT ["baserunner"]
CMD ["start"]

FROM runtime AS prebuilt
# A pattern, and a file that is always there: without a bundle the classic builder must still get past this stage.
COPY apps/baserunner/LICENSE apps/baserunner/dist/cli.* /opt/baserunner/
# As in the last stage.
RUN BASEOS_CLOUDLY_URL=- baserunner start >/dev/null 2>&1; chmod -R a-w compiled

FROM ${NODE_IMAGE} AS build
WORKDIR /src
COPY . .
# The commit that `baserunner --version` tells, as Git is not copied: docker build --build-arg BASEOS_COMMIT=$(git rev-parse HEAD) .
ARG BASEOS_COMMIT
RUN npx -y pnpm@12.21.0 install --frozen-lockfile --filter baseos --filter '@serve.zone/baseos...' \
  && npx -y pnpm@12.21.0 --filter @serve.zone/baseos run build

FROM runtime
COPY --from=build /src/apps/baserunner/dist/cli.* /opt/baserunner/
# A start that ends at a mistake leaves what it has compiled: the next one is a tenth sooner. Nobody can change it afterwards.
RUN BASEOS_CLOUDLY_URL=- baserunner start >/dev/null 2>&1; chmod -R a-w compiled

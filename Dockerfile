# BaseRunner as a container, for balenaOS and for docker compose. Only what the classic builder knows is used.
#
# The stages stand in this order because the classic builder makes every stage above the one it is asked for:
# `--target prebuilt` takes a bundle that is built already and needs no network; the default builds from source.

# The same bytes for every build; another one by --build-arg.
ARG NODE_IMAGE=node:24-slim@sha256:a9f5f7c91a432850b2a8a7797adf5eadb6c733ceed61167806cee7ea7fbc29df

FROM ${NODE_IMAGE} AS runtime
# The state directory belongs to the user of the agent, and so does a new volume that is mounted on it.
RUN mkdir -p /opt/baserunner /data/baseos \
  && chown node:node /data/baseos \
  && chmod 700 /data/baseos
COPY apps/baserunner/container/ /opt/baserunner/
RUN chmod 755 /opt/baserunner/baserunner /opt/baserunner/is-alive \
  && ln -s /opt/baserunner/baserunner /usr/local/bin/baserunner
USER node
WORKDIR /opt/baserunner
ENTRYPOINT ["baserunner"]
CMD ["start"]

FROM runtime AS prebuilt
# A pattern, and a file that is always there: without a bundle the classic builder must still get past this stage.
COPY apps/baserunner/LICENSE apps/baserunner/dist/cli.* /opt/baserunner/

FROM ${NODE_IMAGE} AS build
WORKDIR /src
COPY . .
# The commit that `baserunner --version` tells, as Git is not copied: docker build --build-arg BASEOS_COMMIT=$(git rev-parse HEAD) .
ARG BASEOS_COMMIT
RUN npx -y pnpm@12.21.0 install --frozen-lockfile --filter baseos --filter '@serve.zone/baseos...' \
  && npx -y pnpm@12.21.0 --filter @serve.zone/baseos run build

FROM runtime
COPY --from=build /src/apps/baserunner/dist/cli.js /src/apps/baserunner/dist/cli.licenses.txt /opt/baserunner/

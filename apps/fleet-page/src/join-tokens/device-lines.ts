/** The two variables that make a device a node. */
export function deviceVariables(url: string, joinToken: string): string {
  return `BASEOS_CLOUDLY_URL=${url}\nBASEOS_JOIN_TOKEN=${joinToken}`;
}

/** The service for the compose file of a fleet that has this repository beside it. */
export const composeSnippet = `version: '2.4'

volumes:
  baseos-data:

services:
  baserunner:
    # A checkout of BaseOS, or the image that you have built of it
    build: ./baseos
    restart: always
    labels:
      io.balena.features.supervisor-api: '1'
    environment:
      - BASEOS_CLOUDLY_URL
      - BASEOS_JOIN_TOKEN
      - BASEOS_UPDATES
    volumes:
      - baseos-data:/data/baseos
    tmpfs:
      - /run/baseos
    read_only: true
    cap_drop:
      - ALL
    security_opt:
      - no-new-privileges`;

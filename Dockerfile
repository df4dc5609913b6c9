# Node 20, as tfjs-node 4.22 fails on 23 and later; Debian, as its native library needs glibc.

# --- everything, with what building needs ---------------------------------------------------------------------------
FROM node:20.20.2-bookworm-slim AS build
WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/root/.npm npm run build

# --- what running needs, and the native library ----------------------------------------------------------------------
FROM node:20.20.2-bookworm-slim AS packages
WORKDIR /packages
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm \
    npm ci --omit=dev && \
    npm install --no-save --omit=dev @tensorflow/tfjs-node@4.22.0
# It has to compute here, or the image would quietly fall back to WebAssembly.
RUN node --eval "const tf = require('@tensorflow/tfjs-node'); \
    if (tf.getBackend() !== 'tensorflow' || tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0] !== 11) process.exit(1)"
# Maps, types, headers and the binding's sources: nothing reads them here.
RUN find node_modules \( -name '*.map' -o -name '*.d.ts' \) -type f -delete && \
    rm -rf node_modules/@tensorflow/tfjs-node/deps/include node_modules/@tensorflow/tfjs-node/binding

# --- the image ---------------------------------------------------------------------------------------------------------
FROM node:20.20.2-bookworm-slim
ENV NODE_ENV=production \
    TF_CPP_MIN_LOG_LEVEL=1
WORKDIR /forewarn
RUN install --directory --owner=node --group=node /data /backups
COPY --from=packages /packages/node_modules node_modules
COPY --from=build /build/dist dist
COPY bin bin
COPY catalogue catalogue
COPY models/artifacts models/artifacts
COPY deploy/forewarn deploy/forewarn
COPY package.json LICENSE ./
USER 1000:1000
VOLUME ["/data", "/backups"]
EXPOSE 8080 1883
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --retries=6 --start-period=60s \
    CMD ["node", "deploy/forewarn/healthcheck.mjs"]
# Node itself is process 1: it handles SIGTERM, and starts no processes that it would have to reap.
ENTRYPOINT ["node", "bin/forewarn.cjs"]
CMD ["start"]

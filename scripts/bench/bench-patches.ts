/** Patches of a company's cluster by their path, of the kinds that guides advise: about as long as the base of a worker. */
export const patches: Readonly<Record<string, string>> = {
  "patches/global/cluster.yaml": `# Networks of pods and services.
cluster:
  network:
    podSubnets: [10.42.0.0/16]
    serviceSubnets: [10.43.0.0/16]
    cni: { name: none }
  proxy: { disabled: true }
`,
  "patches/global/kubelet.yaml": `machine:
  kubelet:
    extraArgs: { rotate-server-certificates: "true" }
    extraConfig:
      imageGCHighThresholdPercent: 80
      imageGCLowThresholdPercent: 70
      maxPods: 200
      serializeImagePulls: false
      shutdownGracePeriod: 60s
      shutdownGracePeriodCriticalPods: 20s
      systemReserved: { cpu: 200m, memory: 1Gi, ephemeral-storage: 2Gi }
    extraMounts:
      - destination: /var/lib/longhorn
        type: bind
        source: /var/lib/longhorn
        options: [bind, rshared, rw]
    nodeIP:
      validSubnets: [10.0.0.0/16]
`,
  "patches/global/kernel.yaml": `machine:
  kernel:
    modules:
      - name: nbd
      - name: dm_thin_pool
      - name: nvme_tcp
      - name: vfio_pci
        parameters: ["ids=10de:1b80"]
  sysctls:
    fs.inotify.max_user_instances: "8192"
    fs.inotify.max_user_watches: "1048576"
    net.core.rmem_max: "7500000"
    net.core.somaxconn: "65535"
    net.core.wmem_max: "7500000"
    net.ipv4.neigh.default.gc_thresh1: "4096"
    net.ipv4.neigh.default.gc_thresh2: "8192"
    net.ipv4.neigh.default.gc_thresh3: "16384"
    user.max_user_namespaces: "11255"
    vm.nr_hugepages: "1024"
  udev:
    rules:
      - SUBSYSTEM=="block", ATTR{queue/scheduler}="none"
`,
  "patches/global/registries.yaml": `apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: docker.io
endpoints:
  - url: https://registry.example.org/v2/docker.io
    overridePath: true
---
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: ghcr.io
endpoints:
  - url: https://registry.example.org/v2/ghcr.io
    overridePath: true
---
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: quay.io
endpoints:
  - url: https://registry.example.org/v2/quay.io
    overridePath: true
---
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: registry.k8s.io
endpoints:
  - url: https://registry.example.org/v2/registry.k8s.io
    overridePath: true
`,
  "patches/global/trust.yaml": `# Root of the company, which signed the registry's certificate.
apiVersion: v1alpha1
kind: TrustedRootsConfig
name: example-root
certificates: |
  -----BEGIN CERTIFICATE-----
  MIIDMzCCAhugAwIBAgIUNN6ZcGBKBisHtDF0nuPqDt0I0S0wDQYJKoZIhvcNAQEL
  BQAwKTEQMA4GA1UECgwHRXhhbXBsZTEVMBMGA1UEAwwMRXhhbXBsZSBSb290MB4X
  DTI2MTEyNDIxMTQyMFoXDTM2MTEyMTIxMTQyMFowKTEQMA4GA1UECgwHRXhhbXBs
  ZTEVMBMGA1UEAwwMRXhhbXBsZSBSb290MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A
  MIIBCgKCAQEAyfB/UCnxCsKYs1Fmv3IrZGeNu1IQH4nkC0VRL0GmcO3gA+xIXSPh
  9q5TJXrAC1575+BdVHNZNuaeRgzs4z3ieCAzBSU5dMw6qo7fSnwjxH79DbVq8+vY
  RR3wAShTmlfV1gDTr+v3LLcfn8QNBno0Y+b8pUxeS690Gz4Rcubhdaw7Rs8oHv7D
  ijhEpFlGXb+F1O4gq4gb8Dsq1sFYDRfeFWpOm/5OuPHF97QokYn0cP6+xRW2X/+a
  Au5QhcJXEFos9Vv0wWL8IsoXeDIcHJBmv46vMjiT6j35gB9rWXrk/Tc24DrxcJYq
  KC6IYDvrysxcwFp1/QMmBRwFenQ/llH7/wIDAQABo1MwUTAdBgNVHQ4EFgQU5zLK
  CGk0XHaPOB/zV7AWusj9rZUwHwYDVR0jBBgwFoAU5zLKCGk0XHaPOB/zV7AWusj9
  rZUwDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOCAQEAxQp3G6ZLPid8
  lF4+24zxDm1/2JDI2XYo5AvHMF8+9753yDcbJu6IdfpXxQKCIxs5LfJ039AkUVqZ
  vWvmNmRS0dKCFzJv+ztr+9sZjFCZtVsDYWrjftUq0aIse8AL9DR065rfDRToJejn
  mZJ4IbaopCupfutaxNXXYDnUImbl1uEpwnnWD/1YNjfCtFrZzhGusq/QWWJrr/Fu
  0AaM2appxTzCd2YwiiiQQms/SfWiWfNhKpb3luEGvx4gEgTb7ABN1hnG1E89R7kq
  EveaKdb/VNZYnna71mDiNoHHe0HN7aM/cg3YeAXiC82BDsIhCm/bN9f3FiNrCnvU
  KYIAwG/SqQ==
  -----END CERTIFICATE-----
`,
  "patches/global/watch.yaml": `apiVersion: v1alpha1
kind: WatchdogTimerConfig
device: /dev/watchdog0
timeout: 2m0s
---
apiVersion: v1alpha1
kind: KmsgLogConfig
name: log-host
url: tcp://10.0.0.4:6051/
`,
  "patches/controller/api-server.yaml": `cluster:
  apiServer:
    certSANs: [api.example.org]
    extraArgs:
      oidc-client-id: kubernetes
      oidc-groups-claim: groups
      oidc-issuer-url: https://login.example.org
  controllerManager:
    extraArgs: { bind-address: 0.0.0.0 }
  etcd:
    advertisedSubnets: [10.0.0.0/16]
    extraArgs: { election-timeout: "5000", listen-metrics-urls: "http://0.0.0.0:2381" }
  scheduler:
    extraArgs: { bind-address: 0.0.0.0 }
`,
  "patches/worker/disks.yaml": `apiVersion: v1alpha1
kind: VolumeConfig
name: EPHEMERAL
provisioning: { maxSize: 200GiB }
---
apiVersion: v1alpha1
kind: UserVolumeConfig
name: longhorn
provisioning:
  diskSelector: { match: "!system_disk" }
  minSize: 500GiB
`,
};

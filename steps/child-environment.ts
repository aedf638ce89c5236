/** What talosctl and kubectl need of our environment: not the passphrase, not another cluster's talosconfig or kubeconfig. */
export function childEnvironment(): NodeJS.ProcessEnv {
  const kept =
    /^(PATH|HOME|TMPDIR|LANG|LC_\w+|XDG_\w+|(https?|no|all)_proxy|SSL_CERT_(FILE|DIR))$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => kept.test(name)));
}

package kubernetes

import (
	"context"

	"github.com/siderolabs/talos/pkg/machinery/config"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

const (
	bootstrappers = "system:bootstrappers:nodes"
	nodes         = "system:nodes"
)

// applyBootstrapManifests makes what a kubelet needs to join: Talos applies the same objects.
func applyBootstrapManifests(ctx context.Context, client kubernetes.Interface, provider config.Provider, log func(string, ...any)) {
	work := func(ctx context.Context) error {
		secret := bootstrapToken(provider)

		_, err := client.CoreV1().Secrets(secret.Namespace).Create(ctx, secret, metav1.CreateOptions{})
		if errors.IsAlreadyExists(err) {
			_, err = client.CoreV1().Secrets(secret.Namespace).Update(ctx, secret, metav1.UpdateOptions{})
		}

		if err != nil {
			return err
		}

		for _, binding := range nodeBindings() {
			_, err := client.RbacV1().ClusterRoleBindings().Create(ctx, binding, metav1.CreateOptions{})
			if err != nil && !errors.IsAlreadyExists(err) {
				return err
			}
		}

		return nil
	}

	if untilDone(ctx, work) == nil {
		log("bootstrap manifests applied")
	}
}

func bootstrapToken(provider config.Provider) *corev1.Secret {
	token := provider.Cluster().Token()

	return &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: "bootstrap-token-" + token.ID(), Namespace: metav1.NamespaceSystem},
		Type:       corev1.SecretTypeBootstrapToken,
		StringData: map[string]string{
			"token-id":                       token.ID(),
			"token-secret":                   token.Secret(),
			"usage-bootstrap-authentication": "true",
			"auth-extra-groups":              bootstrappers,
		},
	}
}

func nodeBindings() []*rbacv1.ClusterRoleBinding {
	const requests = "system:certificates.k8s.io:certificatesigningrequests:"

	return []*rbacv1.ClusterRoleBinding{
		bind("system-bootstrap-node-bootstrapper", "system:node-bootstrapper", bootstrappers, nodes),
		bind("system-bootstrap-approve-node-client-csr", requests+"nodeclient", bootstrappers),
		bind("system-bootstrap-node-renewal", requests+"selfnodeclient", nodes),
	}
}

func bind(name, role string, groups ...string) *rbacv1.ClusterRoleBinding {
	binding := &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: role},
	}

	for _, group := range groups {
		binding.Subjects = append(binding.Subjects, rbacv1.Subject{APIGroup: rbacv1.GroupName, Kind: rbacv1.GroupKind, Name: group})
	}

	return binding
}

// giveServiceAccounts makes each namespace's default account, without which no pod is admitted.
func giveServiceAccounts(ctx context.Context, client kubernetes.Interface) error {
	namespaces, err := client.CoreV1().Namespaces().List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}

	for _, namespace := range namespaces.Items {
		if namespace.DeletionTimestamp != nil {
			continue
		}

		accounts := client.CoreV1().ServiceAccounts(namespace.Name)

		if _, err := accounts.Get(ctx, "default", metav1.GetOptions{}); !errors.IsNotFound(err) {
			if err != nil {
				return err
			}

			continue
		}

		account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "default"}}
		if _, err := accounts.Create(ctx, account, metav1.CreateOptions{}); err != nil && !errors.IsAlreadyExists(err) {
			return err
		}
	}

	return nil
}

package kubernetes

import (
	"context"
	"crypto/rand"
	stdx509 "crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/siderolabs/crypto/x509"
	"github.com/siderolabs/talos/pkg/machinery/config"
	certificatesv1 "k8s.io/api/certificates/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// kubeletCertificateLifetime is the default of kube-controller-manager's --cluster-signing-duration.
const kubeletCertificateLifetime = 365 * 24 * time.Hour

// certificateSigner approves and signs the certificate requests of kubelets, as the csrapproving
// and csrsigning controllers do. It leaves every other signer's requests alone.
type certificateSigner struct {
	client kubernetes.Interface
	config config.Provider
	log    func(string, ...any)
}

func (signer *certificateSigner) reconcile(ctx context.Context) error {
	requests, err := signer.client.CertificatesV1().CertificateSigningRequests().List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}

	for _, request := range requests.Items {
		if request.Spec.SignerName != certificatesv1.KubeAPIServerClientKubeletSignerName || len(request.Status.Certificate) > 0 {
			continue
		}

		// A conflict means that another controller is at the same request: it will be done.
		if err := signer.handle(ctx, &request); err != nil && !apierrors.IsConflict(err) {
			return err
		}
	}

	return nil
}

func (signer *certificateSigner) handle(ctx context.Context, request *certificatesv1.CertificateSigningRequest) error {
	decided := conditionTypes(request)
	if slices.Contains(decided, certificatesv1.CertificateDenied) || slices.Contains(decided, certificatesv1.CertificateFailed) {
		return nil
	}

	certificate, err := signer.sign(request)
	if err != nil {
		signer.log("certificate request %s of %s is left alone: %v", request.Name, request.Spec.Username, err)

		return nil
	}

	client := signer.client.CertificatesV1().CertificateSigningRequests()
	approved := request

	if !slices.Contains(decided, certificatesv1.CertificateApproved) {
		request.Status.Conditions = append(request.Status.Conditions, certificatesv1.CertificateSigningRequestCondition{
			Type: certificatesv1.CertificateApproved, Status: corev1.ConditionTrue,
			Reason: "AutoApproved", Message: "Auto approving kubelet client certificate after SubjectAccessReview.",
		})

		approved, err = client.UpdateApproval(ctx, request.Name, request, metav1.UpdateOptions{})
		if err != nil {
			return err
		}
	}

	approved.Status.Certificate = certificate

	if _, err := client.UpdateStatus(ctx, approved, metav1.UpdateOptions{}); err != nil {
		return err
	}

	signer.log("certificate request %s of %s signed", request.Name, request.Spec.Username)

	return nil
}

func conditionTypes(request *certificatesv1.CertificateSigningRequest) []certificatesv1.RequestConditionType {
	types := make([]certificatesv1.RequestConditionType, 0, len(request.Status.Conditions))
	for _, condition := range request.Status.Conditions {
		types = append(types, condition.Type)
	}

	return types
}

// sign checks that the request is a node's own and signs it.
func (signer *certificateSigner) sign(request *certificatesv1.CertificateSigningRequest) ([]byte, error) {
	block, _ := pem.Decode(request.Spec.Request)
	if block == nil {
		return nil, errors.New("spec.request holds no PEM block")
	}

	parsed, err := stdx509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		return nil, err
	}

	subject := parsed.Subject
	if !slices.Equal(subject.Organization, []string{nodes}) || !strings.HasPrefix(subject.CommonName, "system:node:") {
		return nil, fmt.Errorf("subject %q is no node's", subject)
	}

	renews := request.Spec.Username == subject.CommonName
	if !renews && !slices.Contains(request.Spec.Groups, bootstrappers) {
		return nil, errors.New("the user may not ask for it")
	}

	ca, err := authority(signer.config)
	if err != nil {
		return nil, err
	}

	return signRequest(ca, parsed)
}

func signRequest(ca *x509.PEMEncodedCertificateAndKey, request *stdx509.CertificateRequest) ([]byte, error) {
	if err := request.CheckSignature(); err != nil {
		return nil, err
	}

	issuer, err := x509.NewCertificateAuthorityFromCertificateAndKey(ca)
	if err != nil {
		return nil, err
	}

	serial, err := x509.NewSerialNumber()
	if err != nil {
		return nil, err
	}

	// No signature algorithm: it follows from the authority's key, of whatever kind that is.
	signed, err := stdx509.CreateCertificate(rand.Reader, &stdx509.Certificate{
		SerialNumber:          serial,
		Subject:               request.Subject,
		NotBefore:             time.Now().Add(-10 * time.Second),
		NotAfter:              time.Now().Add(kubeletCertificateLifetime),
		KeyUsage:              stdx509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []stdx509.ExtKeyUsage{stdx509.ExtKeyUsageClientAuth},
		BasicConstraintsValid: true,
	}, issuer.Crt, request.PublicKey, issuer.Key)
	if err != nil {
		return nil, err
	}

	return pem.EncodeToMemory(&pem.Block{Type: x509.PEMTypeCertificate, Bytes: signed}), nil
}

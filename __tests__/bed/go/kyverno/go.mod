module finch-signing/bed/kyverno

go 1.26.6

require (
	github.com/google/go-containerregistry v0.21.8
	github.com/kyverno/kyverno v1.19.1
)

replace k8s.io/pod-security-admission => github.com/kyverno/pod-security-admission v0.0.0-20251031094455-46f20778634f

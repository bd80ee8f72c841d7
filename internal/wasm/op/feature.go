package op

import "strings"

// Feature is a set of WebAssembly proposals. Each has the name that the
// proposals' repository and other tools use.
type Feature uint32

// The proposals. WebAssembly 1.0 has none of them; 3.0 has all up to
// FeatureAnnotations.
const (
	FeatureMutableGlobal Feature = 1 << iota
	FeatureSignExt
	FeatureSatFloatToInt
	FeatureMultiValue
	FeatureReferenceTypes
	FeatureBulkMemory
	FeatureSIMD
	FeatureRelaxedSIMD
	FeatureTailCall
	FeatureExtendedConst
	FeatureFunctionReferences
	FeatureGC
	FeatureExceptions
	FeatureMemory64
	FeatureMultiMemory
	FeatureBranchHinting
	FeatureAnnotations
	FeatureThreads
	FeatureLegacyExceptions
	FeatureCustomPageSizes
	FeatureWideArithmetic

	numFeatures = iota
)

// Sets of features.
const (
	FeaturesAll Feature = 1<<numFeatures - 1
	Features1_0 Feature = 0
	Features2_0 Feature = FeatureMutableGlobal | FeatureSignExt | FeatureSatFloatToInt | FeatureMultiValue |
		FeatureReferenceTypes | FeatureBulkMemory | FeatureSIMD
	Features3_0 Feature = FeatureThreads - 1
)

var featureNames = [numFeatures]string{
	"mutable-globals", "sign-extension", "saturating-float-to-int", "multi-value", "reference-types",
	"bulk-memory", "simd", "relaxed-simd", "tail-call", "extended-const", "function-references", "gc",
	"exceptions", "memory64", "multi-memory", "branch-hinting", "annotations",
	"threads", "legacy-exceptions", "custom-page-sizes", "wide-arithmetic",
}

// builtOn lists for some proposals those that they extend.
var builtOn = []struct{ feature, base Feature }{
	{FeatureRelaxedSIMD, FeatureSIMD},
	{FeatureFunctionReferences, FeatureReferenceTypes},
	{FeatureGC, FeatureFunctionReferences},
	{FeatureExceptions, FeatureReferenceTypes},
	{FeatureLegacyExceptions, FeatureExceptions},
}

// Consistent returns f without the proposals that extend one that f lacks.
func (f Feature) Consistent() Feature {
	for _, b := range builtOn { // in an order in which one pass is enough
		if !f.Has(b.base) {
			f &^= b.feature
		}
	}
	return f
}

// Has says whether all features of g are in f.
func (f Feature) Has(g Feature) bool { return f&g == g }

// String returns the names of the features in f, separated by commas.
func (f Feature) String() string { return strings.Join(f.Names(), ",") }

// Names returns the names of the features in f, in the order of their
// declaration.
func (f Feature) Names() []string {
	var names []string
	for i, name := range featureNames {
		if f&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// ParseFeature returns the feature with the given name.
func ParseFeature(name string) (Feature, bool) {
	for i, n := range featureNames {
		if n == name {
			return 1 << i, true
		}
	}
	return 0, false
}

package op

import "testing"

func TestConsistent(t *testing.T) {
	for _, c := range []struct{ without, also Feature }{
		{FeatureSIMD, FeatureRelaxedSIMD},
		{FeatureReferenceTypes, FeatureFunctionReferences | FeatureGC | FeatureExceptions | FeatureLegacyExceptions},
		{FeatureGC, 0},
		{0, 0},
	} {
		want := FeaturesAll &^ (c.without | c.also)
		if have := (FeaturesAll &^ c.without).Consistent(); have != want {
			t.Errorf("without %v: have %v, want %v", c.without, have, want)
		}
	}
}

package record

import (
	"testing"
	"time"
)

// up is a look at a machine that has been ready for long enough to be missed.
func up(history *history, controller bool) {
	history.follow(sight{ready: true, etcd: controller, controller: controller})
	history.readySince = time.Now().Add(-2 * settled)
}

func TestOutOfService(test *testing.T) {
	for name, sample := range map[string]struct {
		life func(*history)
		out  bool
	}{
		"never ready":                     {func(*history) {}, false},
		"ready for a moment only":         {func(history *history) { history.follow(sight{ready: true}) }, false},
		"was ready":                       {func(history *history) { up(history, false) }, true},
		"a worker that was reset":         {func(history *history) { up(history, false); history.wasReset() }, false},
		"a controller whose member stays": {func(history *history) { up(history, true); history.wasReset() }, true},
		"a controller that left":          {func(history *history) { up(history, true); history.leave(); history.wasReset() }, false},
		"a worker that came back after a reset": {func(history *history) {
			up(history, false)
			history.wasReset()
			history.follow(sight{})
			up(history, false)
		}, true},
		"came back after it left": {func(history *history) {
			up(history, true)
			history.leave()
			history.gone = false
			up(history, true)
		}, true},
	} {
		history := &history{}
		sample.life(history)

		if out := history.follow(sight{}); out != sample.out {
			test.Errorf("%s: out %t, want %t", name, out, sample.out)
		}
	}
}

func TestGoneMachineIsNoMember(test *testing.T) {
	history := &history{}

	up(history, true)
	history.leave()

	// It still answers for a moment while it shuts down.
	if history.follow(sight{ready: true, etcd: true, controller: true}); history.hadEtcd {
		test.Error("a member that left counts for the quorum")
	}
}

func TestRepeatedUpgrades(test *testing.T) {
	history := &history{}

	for _, upgrade := range []Upgrade{
		{To: "v1.12.1"}, {To: "v1.13.0"}, {To: "v1.13.0", Schematic: "ab"}, {To: "v1.12.1"},
	} {
		history.upgrades = append(history.upgrades, upgrade)
	}

	if most := history.repeated(); most != 2 {
		test.Errorf("upgraded to the same %d times, want 2", most)
	}
}

func TestForgetKeepsWhatTheMachineIs(test *testing.T) {
	history := &history{configured: true, applies: []Apply{{}}, upgrades: []Upgrade{{}}, bootstraps: 1, resets: 1}
	up(history, true)
	history.forget()

	if len(history.applies)+len(history.upgrades)+history.bootstraps+history.resets != 0 {
		test.Errorf("not forgotten: %+v", history)
	}

	if !history.configured || !history.hadEtcd || !history.follow(sight{}) {
		test.Errorf("forgotten: %+v", history)
	}
}

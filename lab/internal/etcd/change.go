package etcd

// Change is what became of a member in its cluster.
type Change string

// The changes.
const (
	Added    Change = "added"
	Promoted Change = "promoted"
	Removed  Change = "removed"
)

func (member *Member) changed(change Change) {
	if member.options.Changed != nil {
		member.options.Changed(change)
	}
}

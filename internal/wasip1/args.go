package wasip1

import (
	"context"
	"strings"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// stringList is the arguments or the environment, laid out as programs get them.
type stringList struct {
	bytes   []byte   // the strings, each with a NUL behind it
	offsets []uint32 // where each begins
}

func newStringList(list []string) (stringList, error) {
	var l stringList
	size := uint64(0)
	for _, s := range list {
		if strings.IndexByte(s, 0) >= 0 {
			return stringList{}, fsbox.EINVAL
		}
		size += uint64(len(s)) + 1
	}
	if size > 1<<32-1 {
		return stringList{}, fsbox.E2BIG
	}
	l.bytes = make([]byte, 0, int(size))
	for _, s := range list {
		l.offsets = append(l.offsets, uint32(len(l.bytes)))
		l.bytes = append(append(l.bytes, s...), 0)
	}
	return l, nil
}

// sizes writes the number of strings and of their bytes.
func (l *stringList) sizes(m Memory, a []uint64) error {
	count, err := view(m, uint32(a[0]), 4)
	if err != nil {
		return err
	}
	size, err := view(m, uint32(a[1]), 4)
	if err != nil {
		return err
	}
	put32(count, uint32(len(l.offsets)))
	put32(size, uint32(len(l.bytes)))
	return nil
}

// get writes the strings at a[1] and pointers to them at a[0].
func (l *stringList) get(m Memory, a []uint64) error {
	pointers, err := viewArray(m, uint32(a[0]), uint32(len(l.offsets)), 4)
	if err != nil {
		return err
	}
	strings, err := view(m, uint32(a[1]), uint32(len(l.bytes)))
	if err != nil {
		return err
	}
	copy(strings, l.bytes)
	for i, offset := range l.offsets {
		put32(pointers[4*i:], uint32(a[1])+offset)
	}
	return nil
}

func argsGet(_ context.Context, s *System, m Memory, a []uint64) error { return s.args.get(m, a) }
func argsSizesGet(_ context.Context, s *System, m Memory, a []uint64) error {
	return s.args.sizes(m, a)
}
func environGet(_ context.Context, s *System, m Memory, a []uint64) error { return s.env.get(m, a) }
func environSizesGet(_ context.Context, s *System, m Memory, a []uint64) error {
	return s.env.sizes(m, a)
}

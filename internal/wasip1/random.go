package wasip1

import "context"

// randomChunk is how many bytes are made before ctx is looked at again.
const randomChunk = 64 << 10

func randomGet(ctx context.Context, s *System, m Memory, a []uint64) error {
	b, err := view(m, uint32(a[0]), uint32(a[1]))
	if err != nil {
		return err
	}
	for len(b) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(len(b), randomChunk)
		if err := s.readRandom(b[:n]); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

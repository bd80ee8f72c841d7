package num

// Arithmetic on the lanes packed in one uint64, all at once: 8 of 8 bits, 4 of
// 16 or 2 of 32. A parameter high has the highest bit of every lane set, low
// the lowest one, and w is a lane's width; callers pass constants and every
// function is inlined. A lane mask has all bits of a lane set or none; flags
// have its highest bit set or no bit.
const (
	low8   = 0x0101010101010101
	low16  = 0x0001000100010001
	low32  = 0x0000000100000001
	high8  = low8 << 7
	high16 = low16 << 15
	high32 = low32 << 31
)

// laneAdd adds. The highest bits are added apart, so that no carry leaves a lane.
func laneAdd(a, b, high uint64) uint64 {
	return (a&^high + b&^high) ^ (a^b)&high
}

// laneSub subtracts. A bit is lent to each lane, so that none borrows from the next.
func laneSub(a, b, high uint64) uint64 {
	return (a | high - b&^high) ^ (^(a ^ b))&high
}

// laneMask turns flags into a lane mask.
func laneMask(flags uint64, w uint) uint64 {
	return flags<<1 - flags>>(w-1)
}

// laneNonZero flags the lanes that are not zero.
func laneNonZero(a, high uint64) uint64 {
	return (a&^high + ^high | a) & high
}

// laneLtU flags the lanes where a < b, unsigned: where a - b borrows.
func laneLtU(a, b, high uint64) uint64 {
	return (^a&b | ^(a^b)&laneSub(a, b, high)) & high
}

// laneLtS flags the lanes where a < b, signed.
func laneLtS(a, b, high uint64) uint64 {
	return laneLtU(a^high, b^high, high)
}

// laneEq is a lane mask of a = b.
func laneEq(a, b, high uint64, w uint) uint64 {
	return laneMask(laneNonZero(a^b, high)^high, w)
}

// laneNe is a lane mask of a ≠ b.
func laneNe(a, b, high uint64, w uint) uint64 {
	return laneMask(laneNonZero(a^b, high), w)
}

// pick takes a where mask is one, else b.
func pick(a, b, mask uint64) uint64 { return b ^ (a^b)&mask }

// laneAddSatU adds and clamps to the greatest unsigned value.
func laneAddSatU(a, b, high uint64, w uint) uint64 {
	s := laneAdd(a, b, high)
	return s | laneMask((a&b|(a|b)&^s)&high, w)
}

// laneSubSatU subtracts and clamps to zero.
func laneSubSatU(a, b, high uint64, w uint) uint64 {
	d := laneSub(a, b, high)
	return d &^ laneMask((^a&b|^(a^b)&d)&high, w)
}

// laneLimitS is, per lane, the signed limit on a's side of zero: the greatest
// value where a ≥ 0, the least where a < 0.
func laneLimitS(a, high uint64, w uint) uint64 {
	return ^high + (a & high >> (w - 1))
}

// laneAddSatS adds and clamps to the signed limits.
func laneAddSatS(a, b, high uint64, w uint) uint64 {
	s := laneAdd(a, b, high)
	return pick(laneLimitS(a, high, w), s, laneMask(^(a^b)&(a^s)&high, w))
}

// laneSubSatS subtracts and clamps to the signed limits.
func laneSubSatS(a, b, high uint64, w uint) uint64 {
	d := laneSub(a, b, high)
	return pick(laneLimitS(a, high, w), d, laneMask((a^b)&(a^d)&high, w))
}

// laneAvgrU is the unsigned mean, rounded up.
func laneAvgrU(a, b, low uint64) uint64 {
	return (a | b) - (a^b)&^low>>1
}

// laneAbs is the absolute value; the least value stays as it is.
func laneAbs(a, high uint64, w uint) uint64 {
	m := laneMask(a&high, w)
	return laneSub(a^m, m, high)
}

// laneShl shifts left by n < w.
func laneShl(a uint64, n uint32, low uint64, w uint) uint64 {
	return a << n & (low * (1<<w - 1<<n))
}

// laneShrU shifts right by n < w, filling with zeros.
func laneShrU(a uint64, n uint32, low uint64, w uint) uint64 {
	return a >> n & (low * ((1<<w - 1) >> n))
}

// laneShrS shifts right by n < w, filling with the sign.
func laneShrS(a uint64, n uint32, low, high uint64, w uint) uint64 {
	kept := low * ((1<<w - 1) >> n)
	return a>>n&kept | laneMask(a&high, w)&^kept
}

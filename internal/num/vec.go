package num

import "encoding/binary"

// V128 is a vector of 128 bits. Lane i of a shape whose lanes have w bits is
// at the bits from i*w up, on every machine: lane 0 is in the low bits of Lo,
// and the first byte in memory is the lowest byte of Lo.
type V128 struct{ Lo, Hi uint64 }

// The operators on vectors as bit strings, and those that move lanes.
//
// Lane indices are reduced modulo the number of lanes, so that no index is out
// of range; validation has refused those that are.

// V128Not inverts every bit.
func V128Not(a V128) V128 { return V128{^a.Lo, ^a.Hi} }

// V128And is the bitwise conjunction.
func V128And(a, b V128) V128 { return V128{a.Lo & b.Lo, a.Hi & b.Hi} }

// V128Andnot is a and not b.
func V128Andnot(a, b V128) V128 { return V128{a.Lo &^ b.Lo, a.Hi &^ b.Hi} }

// V128Or is the bitwise disjunction.
func V128Or(a, b V128) V128 { return V128{a.Lo | b.Lo, a.Hi | b.Hi} }

// V128Xor is the bitwise exclusive disjunction.
func V128Xor(a, b V128) V128 { return V128{a.Lo ^ b.Lo, a.Hi ^ b.Hi} }

// V128Bitselect takes each bit from a where mask is one, else from b.
func V128Bitselect(a, b, mask V128) V128 {
	return V128{a.Lo&mask.Lo | b.Lo&^mask.Lo, a.Hi&mask.Hi | b.Hi&^mask.Hi}
}

// V128AnyTrue is 1 if any bit is one.
func V128AnyTrue(a V128) uint32 { return b2u(a.Lo|a.Hi != 0) }

// byteAt returns byte i of the 16, modulo 16.
func (v V128) byteAt(i uint8) uint64 {
	half := v.Lo
	if i&8 != 0 {
		half = v.Hi
	}
	return half >> (i & 7 * 8) & 0xff
}

// withLane returns v with the lane at bit offset off (a multiple of width)
// replaced by the low width bits of x.
func (v V128) withLane(off, width uint, x uint64) V128 {
	mask := uint64(1)<<width - 1
	if off < 64 {
		v.Lo = v.Lo&^(mask<<off) | x&mask<<off
	} else {
		v.Hi = v.Hi&^(mask<<(off-64)) | x&mask<<(off-64)
	}
	return v
}

// half returns the half that contains lane i of the 2*n lanes of a shape.
func (v V128) half(i, n uint8) uint64 {
	if i&n != 0 {
		return v.Hi
	}
	return v.Lo
}

// I8x16Splat puts the low 8 bits of a in every lane.
func I8x16Splat(a uint32) V128 {
	x := uint64(uint8(a)) * low8
	return V128{x, x}
}

// I16x8Splat puts the low 16 bits of a in every lane.
func I16x8Splat(a uint32) V128 {
	x := uint64(uint16(a)) * low16
	return V128{x, x}
}

// I32x4Splat puts a in every lane.
func I32x4Splat(a uint32) V128 {
	x := uint64(a) * low32
	return V128{x, x}
}

// I64x2Splat puts a in both lanes.
func I64x2Splat(a uint64) V128 { return V128{a, a} }

// F32x4Splat puts a in every lane.
func F32x4Splat(a uint32) V128 { return I32x4Splat(a) }

// F64x2Splat puts a in both lanes.
func F64x2Splat(a uint64) V128 { return V128{a, a} }

// I8x16ExtractLaneS is a lane with its sign extended.
func I8x16ExtractLaneS(v V128, lane uint8) uint32 { return uint32(int8(v.byteAt(lane))) }

// I8x16ExtractLaneU is a lane extended with zeros.
func I8x16ExtractLaneU(v V128, lane uint8) uint32 { return uint32(v.byteAt(lane)) }

// I16x8ExtractLaneS is a lane with its sign extended.
func I16x8ExtractLaneS(v V128, lane uint8) uint32 {
	return uint32(int16(v.half(lane, 4) >> (lane & 3 * 16)))
}

// I16x8ExtractLaneU is a lane extended with zeros.
func I16x8ExtractLaneU(v V128, lane uint8) uint32 {
	return uint32(uint16(v.half(lane, 4) >> (lane & 3 * 16)))
}

// I32x4ExtractLane is a lane.
func I32x4ExtractLane(v V128, lane uint8) uint32 {
	return uint32(v.half(lane, 2) >> (lane & 1 * 32))
}

// I64x2ExtractLane is a lane.
func I64x2ExtractLane(v V128, lane uint8) uint64 { return v.half(lane, 1) }

// F32x4ExtractLane is a lane.
func F32x4ExtractLane(v V128, lane uint8) uint32 { return I32x4ExtractLane(v, lane) }

// F64x2ExtractLane is a lane.
func F64x2ExtractLane(v V128, lane uint8) uint64 { return v.half(lane, 1) }

// I8x16ReplaceLane is v with the low 8 bits of x in a lane.
func I8x16ReplaceLane(v V128, x uint32, lane uint8) V128 {
	return v.withLane(uint(lane&15)*8, 8, uint64(x))
}

// I16x8ReplaceLane is v with the low 16 bits of x in a lane.
func I16x8ReplaceLane(v V128, x uint32, lane uint8) V128 {
	return v.withLane(uint(lane&7)*16, 16, uint64(x))
}

// I32x4ReplaceLane is v with x in a lane.
func I32x4ReplaceLane(v V128, x uint32, lane uint8) V128 {
	return v.withLane(uint(lane&3)*32, 32, uint64(x))
}

// I64x2ReplaceLane is v with x in a lane.
func I64x2ReplaceLane(v V128, x uint64, lane uint8) V128 {
	if lane&1 == 0 {
		return V128{x, v.Hi}
	}
	return V128{v.Lo, x}
}

// F32x4ReplaceLane is v with x in a lane.
func F32x4ReplaceLane(v V128, x uint32, lane uint8) V128 { return I32x4ReplaceLane(v, x, lane) }

// F64x2ReplaceLane is v with x in a lane.
func F64x2ReplaceLane(v V128, x uint64, lane uint8) V128 { return I64x2ReplaceLane(v, x, lane) }

// I8x16Shuffle picks 16 of the 32 bytes of a and b. The instruction's 16 lane
// indices, each below 32, are the bytes of lanes, the first in lane 0.
func I8x16Shuffle(a, b, lanes V128) V128 {
	var src [32]byte
	binary.LittleEndian.PutUint64(src[0:], a.Lo)
	binary.LittleEndian.PutUint64(src[8:], a.Hi)
	binary.LittleEndian.PutUint64(src[16:], b.Lo)
	binary.LittleEndian.PutUint64(src[24:], b.Hi)
	return V128{shuffle8(&src, lanes.Lo), shuffle8(&src, lanes.Hi)}
}

// shuffle8 picks 8 bytes of src by the bytes of lanes, modulo 32.
func shuffle8(src *[32]byte, lanes uint64) uint64 {
	return uint64(src[lanes&31]) |
		uint64(src[lanes>>8&31])<<8 |
		uint64(src[lanes>>16&31])<<16 |
		uint64(src[lanes>>24&31])<<24 |
		uint64(src[lanes>>32&31])<<32 |
		uint64(src[lanes>>40&31])<<40 |
		uint64(src[lanes>>48&31])<<48 |
		uint64(src[lanes>>56&31])<<56
}

// I8x16Swizzle picks bytes of a by the bytes of s; an index above 15 gives 0.
func I8x16Swizzle(a, s V128) V128 {
	var src [32]byte // zeros from 16 on
	binary.LittleEndian.PutUint64(src[0:], a.Lo)
	binary.LittleEndian.PutUint64(src[8:], a.Hi)
	return V128{shuffle8(&src, below16(s.Lo)), shuffle8(&src, below16(s.Hi))}
}

// below16 turns the bytes above 15 to some from 16 to 31: bit 4 is set where
// any higher one is.
func below16(s uint64) uint64 {
	return s | (s>>1|s>>2|s>>3)&(low8<<4)
}

package wamr

import (
	"errors"
	"fmt"

	"github.com/wamr-go/wamr/internal/vm"
	"github.com/wamr-go/wamr/internal/wasm"
)

// Native is a host function in the manner of WAMR's native symbols: its type is
// given by a signature string, which also says which arguments are addresses
// and has them checked before Func runs.
//
//	i I f F   i32, i64, f32, f64
//	r         externref
//	*         address; together with a following ~, of that many bytes, else of one
//	~         length in bytes of the * before it
//	$         address of a string that ends with a zero byte
//
// "(i*~$)i" is a function with an i32, an address with its length, a string and
// an i32 result. A failed check traps with [ErrOutOfBounds] and Func is not
// called.
type Native struct {
	Name      string
	Signature string
	// Func gets the arguments in slots, addresses as the offsets that they
	// are in Wasm, and replaces them by the result.
	Func func(c *NativeCall, slots []uint64) error
	// Attachment is passed to Func with every call.
	Attachment any
}

// NativeCall is a [Caller] with what a [Native] was registered with. It is valid
// during the call.
type NativeCall struct {
	*Caller
	Attachment any
	native     *parsedNative
}

// Bytes returns the memory that parameter i, a * of the signature, refers to,
// with the length that was checked. It is live during the call.
func (c *NativeCall) Bytes(i int, slots []uint64) []byte {
	if i >= len(c.native.params) || c.native.params[i] != '*' {
		return nil
	}
	n := uint64(1)
	if i+1 < len(c.native.params) && c.native.params[i+1] == '~' {
		n = uint64(uint32(slots[i+1]))
	}
	b, err := c.View(uint64(uint32(slots[i])), n)
	if err != nil {
		return nil
	}
	return b
}

// Str returns the string that parameter i, a $ of the signature, refers to.
func (c *NativeCall) Str(i int, slots []uint64) string {
	m := c.Memory()
	if i >= len(c.native.params) || c.native.params[i] != '$' || m == nil {
		return ""
	}
	s, err := m.CString(uint64(uint32(slots[i])))
	if err != nil {
		return ""
	}
	return s
}

// Natives adds host functions in WAMR's manner under a module name. An import
// whose name begins with an underscore, and that is not defined itself, finds the
// native with the name behind it.
func (ln *Linker) Natives(module string, natives ...Native) {
	for _, n := range natives {
		p, err := parseNative(n)
		if err != nil {
			ln.fail(module, n.Name, err)
			continue
		}
		ln.define(module, n.Name, &hostDef{sig: &p.sig, fn: p.call, native: true})
	}
}

// parsedNative is a Native with its signature taken apart.
type parsedNative struct {
	native Native
	params string // a letter each
	sig    FuncType
	checks bool
}

func parseNative(n Native) (*parsedNative, error) {
	if n.Func == nil {
		return nil, errors.New("the native has no function")
	}
	p := &parsedNative{native: n}
	s := n.Signature
	end := -1
	for i := range len(s) {
		if s[i] == ')' {
			end = i
			break
		}
	}
	if len(s) < 2 || s[0] != '(' || end < 0 || len(s)-end > 2 {
		return nil, fmt.Errorf("signature %q is not of the form \"(params)result\"", s)
	}
	p.params = s[1:end]
	for i := range len(p.params) {
		t, ok := nativeTypes[p.params[i]]
		if !ok {
			return nil, fmt.Errorf("signature %q: unknown letter %q", s, p.params[i])
		}
		if p.params[i] == '~' && (i == 0 || p.params[i-1] != '*') {
			return nil, fmt.Errorf("signature %q: ~ must follow *", s)
		}
		p.checks = p.checks || p.params[i] == '*' || p.params[i] == '$'
		p.sig.Params = append(p.sig.Params, t)
	}
	if end+1 < len(s) {
		t, ok := nativeTypes[s[end+1]]
		if !ok || s[end+1] == '*' || s[end+1] == '~' || s[end+1] == '$' {
			return nil, fmt.Errorf("signature %q: %q is no result", s, s[end+1])
		}
		p.sig.Results = []ValueType{t}
	}
	return p, nil
}

var nativeTypes = map[byte]ValueType{
	'i': wasm.I32, 'I': wasm.I64, 'f': wasm.F32, 'F': wasm.F64, 'r': wasm.ExternRef,
	'*': wasm.I32, '~': wasm.I32, '$': wasm.I32,
}

func (p *parsedNative) call(x *vm.Exec, slots []uint64) error {
	c := NativeCall{Caller: callerOf(x), Attachment: p.native.Attachment, native: p}
	if p.checks {
		if err := p.check(c.Caller, slots); err != nil {
			return err
		}
	}
	return p.native.Func(&c, slots)
}

// check checks all addresses of a call.
func (p *parsedNative) check(c *Caller, slots []uint64) error {
	for i := range len(p.params) {
		at, n := uint64(uint32(slots[i])), uint64(1)
		switch p.params[i] {
		case '*':
			if i+1 < len(p.params) && p.params[i+1] == '~' {
				n = uint64(uint32(slots[i+1]))
			}
			if _, err := c.View(at, n); err != nil {
				return ErrOutOfBounds
			}
		case '$':
			m := c.Memory()
			if m == nil {
				return ErrOutOfBounds
			}
			if !m.hasCString(at) {
				return ErrOutOfBounds
			}
		}
	}
	return nil
}

package custom

import "github.com/wamr-go/wamr/internal/wasm/instr"

// ProducersSection is the name of the custom section that DecodeProducers
// reads.
const ProducersSection = "producers"

// ProducerField is one field of the producers section: what made the module,
// by kind. Kinds in use are "language", "processed-by" and "sdk".
type ProducerField struct {
	Name   string
	Values []Producer
}

// Producer is a tool or language and its version, which may be empty.
type Producer struct{ Name, Version string }

// DecodeProducers reads the content of a producers section. What was read
// before an error is returned with it. The error is a *wasm.DecodeError whose
// offset counts from the start of the content.
func DecodeProducers(content []byte) ([]ProducerField, error) {
	var r instr.Reader
	r.Reset(content, 0)
	var fields []ProducerField
	for n := vecLen(&r); n > 0 && r.Err() == nil; n-- {
		f := ProducerField{Name: r.Name()}
		for k := vecLen(&r); k > 0 && r.Err() == nil; k-- {
			if p := (Producer{Name: r.Name(), Version: r.Name()}); r.Err() == nil {
				f.Values = append(f.Values, p)
			}
		}
		if r.Err() == nil {
			fields = append(fields, f)
		}
	}
	if r.Len() > 0 {
		r.Fail(r.Offset(), msgSectionSize)
	}
	if err := r.Err(); err != nil {
		err.Section = "producers section"
		return fields, err
	}
	return fields, nil
}

// AppendProducers appends the content of a producers section to b.
func AppendProducers(b []byte, fields []ProducerField) []byte {
	b = instr.AppendU32(b, uint32(len(fields)))
	for _, f := range fields {
		b = instr.AppendU32(instr.AppendName(b, f.Name), uint32(len(f.Values)))
		for _, p := range f.Values {
			b = instr.AppendName(instr.AppendName(b, p.Name), p.Version)
		}
	}
	return b
}

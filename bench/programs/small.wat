;; A small module as plug-ins are: a memory, a table, globals, a few functions.
(module
  (type $binary (func (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (table funcref (elem $add $sub $mul))
  (global $calls (mut i32) (i32.const 0))
  (data (i32.const 16) "a small module")
  (func $add (export "add") (type $binary) local.get 0 local.get 1 i32.add)
  (func $sub (type $binary) local.get 0 local.get 1 i32.sub)
  (func $mul (type $binary) local.get 0 local.get 1 i32.mul)
  (func (export "apply") (param $op i32) (param $a i32) (param $b i32) (result i32)
    global.get $calls
    i32.const 1
    i32.add
    global.set $calls
    local.get $a
    local.get $b
    local.get $op
    call_indirect (type $binary))
  (func (export "sum") (param $at i32) (param $n i32) (result i32) (local $s i32)
    block $done
      loop $next
        local.get $n
        i32.eqz
        br_if $done
        local.get $s
        local.get $at
        i32.load8_u
        i32.add
        local.set $s
        local.get $at
        i32.const 1
        i32.add
        local.set $at
        local.get $n
        i32.const 1
        i32.sub
        local.set $n
        br $next
      end
    end
    local.get $s))

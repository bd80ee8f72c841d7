;; Calls across the border between Wasm and the host, eight to an iteration so
;; that the loop around them hardly counts.
(module
  (import "bench" "nop" (func $nop))
  (import "bench" "add" (func $add (param i32 i32) (result i32)))
  (import "bench" "any" (func $any (param i32 i32) (result i32)))

  (func (export "empty"))
  (func (export "sum") (param i32 i32) (result i32)
    local.get 0
    local.get 1
    i32.add)

  ;; each of these makes 8 * n calls
  (func (export "host_nop") (param $n i32)
    loop $again
      call $nop call $nop call $nop call $nop
      call $nop call $nop call $nop call $nop
      local.get $n
      i32.const 1
      i32.sub
      local.tee $n
      br_if $again
    end)
  (func (export "host_add") (param $n i32) (result i32) (local $s i32)
    loop $again
      local.get $s
      i32.const 1 call $add i32.const 2 call $add i32.const 3 call $add i32.const 4 call $add
      i32.const 5 call $add i32.const 6 call $add i32.const 7 call $add i32.const 8 call $add
      local.set $s
      local.get $n
      i32.const 1
      i32.sub
      local.tee $n
      br_if $again
    end
    local.get $s)
  (func (export "host_any") (param $n i32) (result i32) (local $s i32)
    loop $again
      local.get $s
      i32.const 1 call $any i32.const 2 call $any i32.const 3 call $any i32.const 4 call $any
      i32.const 5 call $any i32.const 6 call $any i32.const 7 call $any i32.const 8 call $any
      local.set $s
      local.get $n
      i32.const 1
      i32.sub
      local.tee $n
      br_if $again
    end
    local.get $s))

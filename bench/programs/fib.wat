;; Recursive Fibonacci: calls, comparisons, additions and nothing else.
(module
  (func $fib (param $n i32) (result i64)
    local.get $n
    i32.const 2
    i32.lt_u
    if
      local.get $n
      i64.extend_i32_u
      return
    end
    local.get $n
    i32.const 1
    i32.sub
    call $fib
    local.get $n
    i32.const 2
    i32.sub
    call $fib
    i64.add)
  (export "run" (func $fib)))

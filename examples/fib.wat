;; Fibonacci numbers twice: by a loop, and by the recursion that keeps an engine
;; busy.
;;
;;     go run ./cmd/iwasm -f fib examples/fib.wat 90        # 0x27f80ddaa1ba7878:i64
;;     go run ./cmd/iwasm -f recursive examples/fib.wat 30  # 0xcb228:i32
(module
  (func (export "fib") (param $n i32) (result i64)
    (local $a i64) (local $b i64) (local $next i64)
    (local.set $b (i64.const 1))
    (block $done
      (loop $again
        (br_if $done (i32.eqz (local.get $n)))
        (local.set $next (i64.add (local.get $a) (local.get $b)))
        (local.set $a (local.get $b))
        (local.set $b (local.get $next))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $again)))
    (local.get $a))

  (func $recursive (export "recursive") (param $n i32) (result i32)
    (if (result i32) (i32.lt_u (local.get $n) (i32.const 2))
      (then (local.get $n))
      (else
        (i32.add
          (call $recursive (i32.sub (local.get $n) (i32.const 1)))
          (call $recursive (i32.sub (local.get $n) (i32.const 2))))))))

;; Functions whose register code TestListing compares with listing.txt.
(module
	(memory 1)
	(global $sp (mut i32) (i32.const 65536))
	(type $v (func (param i32) (result i32)))
	(table 4 funcref)
	(tag $e (param i32))

	;; Operands are immediates, results go straight into locals.
	(func $arithmetic (param i32 i32) (result i32) (local i32)
		(local.set 2 (i32.mul (i32.add (local.get 0) (i32.const 5)) (local.get 1)))
		(i32.sub (i32.const 100) (i32.xor (local.get 2) (i32.shl (local.get 0) (i32.const 3)))))

	;; A local that is set while an operand stands for it.
	(func $old_value (param i32) (result i32)
		local.get 0
		(local.set 0 (i32.add (local.get 0) (i32.const 1)))
		local.get 0
		i32.mul)

	;; Addresses: offset, sum, scaled sum, constant, wrapped i64.
	(func $addresses (param $p i32) (param $i i32) (param $q i64) (result i32)
		(i32.store offset=8 (local.get $p) (i32.const 7))
		(i32.store8 (i32.add (local.get $p) (local.get $i)) (local.get $i))
		(i32.store offset=4 (i32.const 1024) (i32.const 0x12345678))
		(i32.add
			(i32.load offset=16 (i32.add (local.get $p) (i32.shl (local.get $i) (i32.const 2))))
			(i32.load (i32.add (i32.shl (local.get $i) (i32.const 2)) (i32.const 1052672))))
		(i32.add (i32.load8_u (i32.const 99)))
		(i32.add (i32.load (i32.wrap_i64 (i64.add (local.get $q) (i64.const 8))))))

	;; A counting loop with a stack frame, as a C compiler writes it.
	(func $sum (param $a i32) (param $n i32) (result i32) (local $f i32) (local $i i32) (local $s i32)
		(global.set $sp (local.tee $f (i32.sub (global.get $sp) (i32.const 16))))
		(block $out
			(br_if $out (i32.eqz (local.get $n)))
			(loop $next
				(local.set $s (i32.add (local.get $s) (i32.load (local.get $a))))
				(local.set $a (i32.add (local.get $a) (i32.const 4)))
				(br_if $next (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n)))))
		(global.set $sp (i32.add (local.get $f) (i32.const 16)))
		(local.get $s))

	;; Values of blocks, br_table with values, select.
	(func $control (param i32) (result i32)
		(block $b (result i32)
			(block $a (result i32)
				(br_table $a $b (i32.const 10) (i32.sub (local.get 0) (i32.const 3))))
			(i32.add (i32.const 1)))
		(if (result i32) (i32.and (i32.lt_s (local.get 0) (i32.const 4)) (i32.const 1))
			(then (i32.const 1)) (else (select (i32.const 2) (local.get 0) (local.get 0))))
		i32.add)

	;; Calls, a tail call, an exception.
	(func $calls (type $v)
		(call $arithmetic (local.get 0) (i32.const 2))
		(call_indirect (type $v) (i32.const 1))
		(block $h (result i32)
			(try_table (catch $e $h) (throw $e (local.get 0)))
			(unreachable))
		i32.add
		return_call $control)

	;; Floats.
	(func $floats (param f64 f64) (result i32)
		(f64.lt (f64.add (f64.mul (local.get 0) (local.get 0)) (f64.mul (local.get 1) (local.get 1))) (f64.const 4))))

"""A machine whose clock jumps: a child process under libfaketime, moved by its parent."""

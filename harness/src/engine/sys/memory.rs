//! Reading another process's memory.

use std::io;

/// Reads up to `length` bytes at `address` of a process (process_vm_readv(2)).
/// Needs the right to trace it, as a parent has.
pub(crate) fn read_memory(pid: i32, address: u64, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0_u8; length];
    let local = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: length };
    let remote = libc::iovec { iov_base: address as *mut libc::c_void, iov_len: length };
    // SAFETY: the local buffer is ours and of that length; the remote address is only
    // looked up in the other process, an invalid one gives EFAULT.
    let got = unsafe { libc::process_vm_readv(pid, &local, 1, &remote, 1, 0) };
    if got < 0 {
        return Err(io::Error::last_os_error());
    }
    bytes.truncate(got as usize);
    Ok(bytes)
}

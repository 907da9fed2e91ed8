// Fails a process that replaces itself.
process.execve = () => {
  throw new Error('replaced');
};

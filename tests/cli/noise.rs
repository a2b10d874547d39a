//! Numbers without order, the same ones in each run.

/// Marsaglia's xorshift, from a seed that is not 0.
pub(crate) struct Noise(pub(crate) u64);

impl Noise {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// One from 0 to before `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        ((self.next() >> 8) % end as u64) as usize
    }
}

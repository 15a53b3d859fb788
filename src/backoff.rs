//! Attempt in; when next, or that it is over, out.

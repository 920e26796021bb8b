//! The report as tagged PDF (PDF/UA-1). The typesetter arrives with the reports themselves; this crate keeps its place in
//! the house, so that nothing else grows a dependency on it.

//! Two small macros: one names the statements of a file, one runs a statement on whichever engine it is.

/// Names the statements of a file and lists them in `STATEMENTS` for the tests.
macro_rules! statements {
    ($($(#[$meta:meta])* $name:ident = $sql:expr;)*) => {
        $($(#[$meta])* const $name: &str = $sql;)*
        /// Every statement of this file, by name.
        pub(crate) const STATEMENTS: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}

/// Runs one statement: `ask!(tx, SQL, args…; all Row)`, `optional Row`, `one Row`, `scalar Type`, `maybe_scalar Type`,
/// `scalars Type`, or `run` (gives the number of rows touched).
macro_rules! ask {
    (@do $tx:expr, $sql:expr, [$($arg:expr),*], |$query:ident, $ex:ident| $start:expr, $end:expr) => {{
        $crate::trace::record($sql);
        match $tx {
            $crate::engine::Tx::Sqlite(t) => { let $query = $start; $(let $query = $query.bind($crate::trace::with($arg));)* let $ex = &mut **t; $end }
            $crate::engine::Tx::Postgres(t) => { let $query = $start; $(let $query = $query.bind($crate::trace::with($arg));)* let $ex = &mut **t; $end }
        }
    }};
    ($tx:expr, $sql:expr $(, $arg:expr)* ; all $row:ty) => {
        ask!(@do $tx, $sql, [$($arg),*], |q, ex| sqlx::query_as::<_, $row>($sql), q.fetch_all(ex).await.map_err($crate::StoreError::from))
    };
    ($tx:expr, $sql:expr $(, $arg:expr)* ; optional $row:ty) => {
        ask!(@do $tx, $sql, [$($arg),*], |q, ex| sqlx::query_as::<_, $row>($sql), q.fetch_optional(ex).await.map_err($crate::StoreError::from))
    };
    ($tx:expr, $sql:expr $(, $arg:expr)* ; one $row:ty) => {
        ask!(@do $tx, $sql, [$($arg),*], |q, ex| sqlx::query_as::<_, $row>($sql), q.fetch_one(ex).await.map_err($crate::StoreError::from))
    };
    ($tx:expr, $sql:expr $(, $arg:expr)* ; scalar $ty:ty) => {
        ask!(@do $tx, $sql, [$($arg),*], |q, ex| sqlx::query_scalar::<_, $ty>($sql), q.fetch_one(ex).await.map_err($crate::StoreError::from))
    };
    ($tx:expr, $sql:expr $(, $arg:expr)* ; maybe_scalar $ty:ty) => {
        ask!(@do $tx, $sql, [$($arg),*], |q, ex| sqlx::query_scalar::<_, $ty>($sql), q.fetch_optional(ex).await.map_err($crate::StoreError::from))
    };
    ($tx:expr, $sql:expr $(, $arg:expr)* ; scalars $ty:ty) => {
        ask!(@do $tx, $sql, [$($arg),*], |q, ex| sqlx::query_scalar::<_, $ty>($sql), q.fetch_all(ex).await.map_err($crate::StoreError::from))
    };
    ($tx:expr, $sql:expr $(, $arg:expr)* ; run) => {
        ask!(@do $tx, $sql, [$($arg),*], |q, ex| sqlx::query($sql), q.execute(ex).await.map(|done| done.rows_affected()).map_err($crate::StoreError::from))
    };
}

/// Whether a design `d` belongs to a group that checks everything first.
macro_rules! holds {
    () => {
        "exists (select 1 from workspace_groups hw join groups hg on hg.id = hw.group_id \
         where hw.workspace_id = d.workspace_id and hg.checking = 'hold-all')"
    };
}

/// Whether something in the words of a section is to be hidden, because nobody has looked at them since they were written.
/// For groups that check everything first ([`holds`]).
macro_rules! masked {
    ($section:literal) => {
        concat!(
            $section,
            ".masked_html is not null and (",
            $section,
            ".words_checked_at is null or ",
            $section,
            ".words_checked_at <> ",
            $section,
            ".words_at)"
        )
    };
}

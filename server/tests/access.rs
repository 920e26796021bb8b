//! Signing in, over HTTP.

mod support;

use axum::http::StatusCode;
use domain::people::Role;

#[tokio::test]
async fn a_form_kept_over_a_lapsed_session_is_only_its_owners() {
    for site in support::all().await {
        let robin = site.test.person("Robin", Role::YoungPerson).await;
        let other = site.test.person("Sam", Role::YoungPerson).await;
        let words = [("words".to_owned(), "We need a bus".to_owned())];
        let id = site.test.service.keep_form(robin.id().expect("id"), "/sign-in", &words).await.expect("kept");
        let kept = |who| site.test.service.kept_form(who, id, "/sign-in");
        assert!(kept(&robin).await.expect("asked").is_some(), "{}", site.test.engine);
        assert!(kept(&other).await.expect("asked").is_none(), "{}", site.test.engine);
        let session = site.session(&robin).await;
        assert_eq!(site.get(&session, &format!("/sign-in?kept={id}")).await.status, StatusCode::OK);
    }
}

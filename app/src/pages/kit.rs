//! Every part of the kit in each of its states, to look at while building. Not in releases. Its words are examples, not
//! words of Tandem, so they stand here.

use domain::groups::GroupColour;
use leptos::prelude::*;
use service::Problems;

use crate::kit::{self, Choice, Field};
use crate::{Form, Page, Sheet};

fn fields(page: &Page, form: &Form) -> AnyView {
    let kinds = || {
        vec![
            Choice::new("like", "I like this").symbol("1F44D"),
            Choice::new("worry", "This part worries me").symbol("1F61F"),
            Choice::new("question", "I have a question").symbol("2753"),
            Choice::new("idea", "I have another idea").symbol("1F4A1"),
        ]
    };
    let buses = || {
        vec![
            Choice::new("late", "Later buses on Fridays").hint("The last bus leaves at 10 at night.").symbol("1F319"),
            Choice::new("ticket", "Cheaper tickets after school").hint("One pound from 3 to 7.").symbol("1F4B7"),
            Choice::new("space", "Two wheelchair places on every bus")
                .hint("So that friends travel together.")
                .symbol("267F"),
        ]
    };
    let body = view! {
        {kit::field(page, form, Field::new("idea", "Your idea in one line").hint("For example: a later bus").size(30))}
        {kit::password(page, form, Field::new("password", "Your password").size(24))}
        {kit::text_area(page, form, Field::new("words", "What do you think?").hint("As long or as short as you like."))}
        {kit::radios(page, form, Field::new("bus", "Your choice").hint("Choose one."), buses())}
        <div class="kinds">{kit::radios(page, form, Field::new("kind", "What is it?"), kinds())}</div>
        {kit::checkboxes(page, form, Field::new("when", "When can you come?"), vec![
            Choice::new("mon", "Monday"),
            Choice::new("tue", "Tuesday after school"),
        ])}
        {kit::select(page, form, Field::new("who", "Who does it?"), vec![
            Choice::new("", "Choose somebody"),
            Choice::new("bus", "Bus team"),
            Choice::new("road", "Highways team"),
        ])}
        {kit::date_fields(page, form, "day", "By when?".to_owned(), Some("For example 27 3 2027".to_owned()), Default::default())}
    };
    let paper = kit::file(page, form, Field::new("paper", "Your paper").hint("Up to 2 MB."), ".md,.docx");
    view! { {kit::form(page, form, "/kit", "Send", body)}{kit::form_with_file(form, "/kit", "Send the paper", paper)} }
        .into_any()
}

/// The page.
pub fn all(page: &Page, id: &str) -> String {
    page.draw(&Sheet::new("The kit"), || {
        let fresh = Form::new(id.to_owned());
        let mut problems = Problems::new();
        for (field, key) in [("idea", "empty"), ("password", "empty"), ("words", "empty"), ("bus", "choose"), ("kind", "choose"),
            ("when", "choose"), ("who", "choose"), ("day", "empty"), ("paper", "empty")]
        {
            problems.add(field, key);
        }
        let refused = Form::new(id.to_owned())
            .filled(vec![("words".to_owned(), "My words <b>stay</b> & so do these".to_owned()), ("bus".to_owned(), "ticket".to_owned())])
            .refused(problems);
        let form = if page.path.ends_with("?refused") { refused } else { fresh };
        let groups = GroupColour::ALL
            .iter()
            .map(|c| kit::group_tag(*c, "1F465", &format!("Group in {c}")))
            .collect_view();
        // Every look a status may have, beside words that could have it.
        let tags = [("drafting", "1F4DD", "Drafting"), ("checking", "1F50D", "Checking"), ("planned", "1F4C5", "Planned"),
            ("not-started", "270F", "Not started"), ("open", "1F5F3", "Open"), ("voting", "1F5F3", "Vote closes Friday"),
            ("soon", "1F51C", "Opens Monday"), ("now", "23F3", "Today"), ("held", "23F3", "Waiting to be checked"),
            ("pending", "23F3", "Waiting"), ("sun", "2B50", "New"), ("late", "23F0", "Late"), ("decided", "2714", "Decided"),
            ("doing", "1F6A7", "We are doing it"), ("changed", "1F504", "Changed"), ("done", "2705", "We did"),
            ("passed", "2705", "It passed"), ("active", "2705", "Switched on"), ("agreed", "1F91D", "Agreed"),
            ("stopped", "1F6D1", "Stopped"), ("failed", "26D4", "It failed"), ("not-passed", "26D4", "It did not pass"),
            ("locked", "1F512", "Locked"), ("void", "1F6AB", "Not counted")]
            .map(|(name, code, words)| kit::status_tag(name, code, words.to_owned()))
            .into_iter()
            .collect_view();
        let rows = [("Later buses", "Bus team", "Late"), ("Quiet room", "Library", "Done"), ("Crossings", "Highways team", "Doing")]
            .into_iter()
            .map(|(a, b, c)| [a, b, c].into_iter().map(|w| w.to_owned().into_any()).collect())
            .collect();
        let stages = || ["Drafting", "Checking", "Voting", "Decided", "Doing", "Done"].map(str::to_owned).to_vec();
        view! {
            {kit::error_summary(page, &form)}
            <h1>"Everything in the kit"</h1>
            <p class="lead">"Only in development builds. Look at it in every theme, wide and narrow."</p>
            <h2>"Buttons"</h2>
            <p class="buttons">
                <button class="main" type="button">"Say what you think"</button>
                <button type="button">"Suggest words"</button>
                <button class="stop" type="button">"Stop this work"</button>
                <button type="button" disabled>"Not now"</button>
                <button class="plain" type="button">"Sign out"</button>
                <a class="button main" href="#main">"A link as button"</a>
            </p>
            <h2>"Tags"</h2>
            <p class="buttons">{tags}</p>
            <p class="buttons">{groups}</p>
            <h2>"Stages"</h2>
            {kit::stages(page, stages(), 1)}
            {kit::stages(page, stages(), 5)}
            <h2>"Notices"</h2>
            {kit::notice("info", view! { <p>"The words are locked while the vote is open."</p> })}
            {kit::notice("warning", view! { <p><strong>"This vote closes on Friday at 6 in the evening."</strong></p> })}
            {kit::notice("stop", view! { <p>"This vote does not count. The words can be changed again."</p> })}
            {kit::notice("done", view! { <p>"Saved. Nothing was lost."</p> })}
            {kit::said(page, "saved")}
            <h2>"Cards"</h2>
            <ul class="cards">
                {kit::card(true, view! {
                    {kit::status_tag("voting", "1F5F3", "Vote closes Friday".to_owned())}
                    {kit::symbol("1F68C", 72)}
                    <h3><a href="#one">"Which bus changes come first?"</a></h3>
                    <p>"Pick one. It takes about 2 minutes."</p>
                    <p class="buttons"><a class="button main" href="#vote">"Vote now"</a></p>
                })}
                {kit::card(true, view! {
                    {kit::group_tag(GroupColour::Teal, "267F", "Disabled Youth Forum")}
                    {kit::symbol("1F6A6", 72)}
                    <h3><a href="#two">"Crossings that everyone can feel"</a></h3>
                    <p>"Sam changed “Our idea” and asks what you think."</p>
                    <p class="buttons"><a class="button main" href="#read">"Read the change"</a></p>
                })}
                {kit::card(false, view! {
                    {kit::status_tag("done", "2705", "We did".to_owned())}
                    {kit::symbol("1F34E", 72)}
                    <h3><a href="#three">"Taste it first tables at school"</a></h3>
                    <p>"You asked for this in May. Three schools have them now."</p>
                    <p><strong>"Did it work?"</strong></p>
                    <p class="buttons three"><button type="button">"Yes"</button><button type="button">"A bit"</button><button type="button">"No"</button></p>
                })}
            </ul>
            <h2>"Soft panel"</h2>
            <div class="soft">
                <p>{kit::symbol_line("1F61F", "This part worries me".to_owned())}</p>
                <p>"Bumps hurt when my wheelchair goes over them fast. Can some be flatter?"</p>
                <p class="meta">"Ash, yesterday · " <a href="#replies">"2 replies"</a></p>
            </div>
            <h2>"Nothing here"</h2>
            {kit::empty("1F331", "Nothing needs you now. Look around, or start something.".to_owned())}
            <h2>"Table and chart"</h2>
            {kit::chart("Most said OK: 9 of 12.".to_owned(), vec![("OK".to_owned(), "9 (75 %)".to_owned(), 75),
                ("Not sure".to_owned(), "2 (17 %)".to_owned(), 17), ("Not OK".to_owned(), "1 (8 %)".to_owned(), 8)])}
            {kit::table("Actions of this month".to_owned(), ["What", "Who", "Status"].map(str::to_owned).to_vec(), rows)}
            <h2>"More and dialog"</h2>
            {kit::details("Why can this not change?".to_owned(), view! { <p>"Because the law says how wide a road must be."</p> })}
            {kit::dialog(page, "kit-dialog", "What is a quorum?".to_owned(), "Quorum".to_owned(),
                view! { <p>"How many people must take part so that a decision counts."</p> })}
            <h2>"A form"</h2>
            <p class="go"><a href="/kit">"Fresh"</a></p>
            <p class="go"><a href="/kit?refused">"Refused"</a></p>
            {fields(page, &form)}
            <h2>"Links and acts that stand alone"</h2>
            <p>"The times are "{kit::link("https://example.org/a-long-address", "on another site".to_owned())}"."</p>
            {kit::one_button(&form, "/kit", "stop", (), "Take it away")}
            {kit::kept(page, ["Words that were typed before the session ended.".to_owned()])}
            <h2>"A spinner, there is none"</h2>
            <p>"Nothing moves here. A page that takes long says so in words."</p>
        }
        .into_any()
    })
}

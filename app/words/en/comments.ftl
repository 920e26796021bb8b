## Comments.

comments-title = What people say about { $title }
comments-heading = What people say
comments-about = About the design
comments-total = { $n ->
    [0] There are no comments yet.
    [one] There is one comment.
   *[other] There are { $n } comments.
}
comments-total-waiting = What you see here waits to be checked.
comments-none = Nobody has said anything yet. You can be the first.
comments-none-closed = Nobody said anything here.
comments-closed = Comments are closed, because this work has ended. You can still read them.
comments-sign-in = Are you in the group? Sign in to say what you think
comments-held-all = A person checks every comment before others see it. When: { $hours }.
comments-held-first = A person checks the first comment of everybody before others see it. When: { $hours }.
comments-order = How to sort the comments
comments-by-section = Sort by part
comments-newest = Newest first
comments-older = Older comments
comments-newer = Back to the newest comments
comments-one-part = You see only the comments about one part.
comments-all-parts = Show the comments about every part
comments-removed-part = { $heading } (this part was taken out)
comments-look-again = Look for new comments
comments-new-list = New since you opened this page
comments-beside = What people say
comments-beside-none = There is nothing to read here yet.
comments-to-form = Go to the box for your words
comments-beside-all = { $n ->
    [0] Say what you think
    [one] Read the one comment
   *[other] All { $n } comments
}
comments-beside-about = About { $heading }

comment-kind-like = I like this
comment-kind-worry = This part worries me
comment-kind-question = I have a question
comment-kind-idea = I have another idea
comment-worried = Worried about a person? See who to call or talk to

comment-form-title = Say what you think
comment-form-section = Which part is it about?
comment-form-kind = What do you want to say?
comment-form-words = Your words
comment-form-words-hint = Do not write real names of other people, addresses or phone numbers.
comment-form-send = Send my comment
comment-answer = Answer
comment-answer-whom = the words of { $name }
comment-answer-mine = my own words
comment-answer-words = Your answer
comment-answer-send = Send my answer
comment-answers = Answers
comment-change = Change or take away
comment-change-whom = my words “{ $words }” from { $when }
comment-check = Take away
comment-check-held = Check
comment-edited = changed later

comment-by-me = You
comment-by-left = Somebody who has left
comment-by-imported = Somebody in another conversation
comment-by-young-person = A young person
comment-by-supporter = A supporter
comment-by-parent-carer = A parent or carer
comment-by-officer = A worker
comment-by-moderator = A moderator
comment-by-safeguarding-lead = The safeguarding lead
comment-by-board-member = A board member
comment-by-administrator = An administrator

comment-state-waiting = Waiting to be checked
comment-state-waiting-mine = Only you and the people who check can see this.
comment-state-waiting-unseen = Somebody wrote here. It waits to be checked.
comment-state-taken-back = The person who wrote this took it away.
comment-state-taken-away = Somebody who checks took this away.
comment-state-taken-away-mine = Somebody who checks took your words away. You can change them and send them again.
comment-state-reason = Why: { $reason }
comment-stances = { $agree } agree, { $pass } pass, { $disagree } do not agree.

comment-edit-title = Change your words
comment-edit-title-answer = Change your answer
comment-edit-held = A person checks your words again before others see them.
comment-edit-save = Save my words
comment-remove-title = Take your words away
comment-remove-words = Your words go for good. Answers from others stay.
comment-remove-button = Take my words away

check-comment-title = Check these words
check-comment-by = { $name } wrote:
check-publish = Publish
check-fine = I have checked this
check-publish-whom = the words of { $name }
check-take-away = Take away
check-take-away-title = Take these words away
check-take-away-whom = the words of { $name }
check-take-away-mine = my own words
check-reason = Why do you take them away?
check-reason-hint = The person who wrote them reads this. Be kind and say what they can do.
check-take-away-button = Take the words away
check-reason-title = Check a reason

moderation-title = Words to check
moderation-lead = The words that wait longest come first.
moderation-none = Nothing waits. Thank you.
moderation-more = There is more. It comes up here when you have checked some of these.
moderation-reports = People say something is wrong
moderation-reports-lead = Read each one, and answer the person who said it.
moderation-report-open = Read and answer
moderation-comments = Comments that wait
moderation-reasons = Reasons that wait
moderation-shown = Comments that people see already
moderation-shown-reasons = Reasons that people see already
moderation-unseen = Only the people who wrote these words see them. Others see them when you publish them.
moderation-seen = People see these words now. Read them. If something is wrong, take it away.
moderation-where = About “{ $heading }” in
moderation-answers = It answers:
moderation-vote = The question:

live-one = 1 new comment
live-many = { "{n}" } new comments

said-comment-sent = Your comment is there. Thank you.
said-comment-held = Comment sent. A person will check it
said-comment-changed = Your words are changed
said-comment-changed-held = Your words are changed. A person will check them
said-comment-removed = Your words are gone
said-words-published = Checked. People can see these words
said-words-taken-away = Taken away. The person who wrote it sees why

moved-on-shared-device = Other people use this device too, so nothing is kept on it.
moved-on-comments-closed = Comments are closed, because this work has ended.
moved-on-comment-gone = Those words are not there any more.
moved-on-thread-full = This has a lot of answers already. Write a new comment.
moved-on-imported-already = This conversation is here already.
moved-on-checked-already = Somebody was faster, or the words have changed. Look at them again.

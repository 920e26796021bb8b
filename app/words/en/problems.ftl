## What is wrong and what to do. `problem-FIELD-KIND` wins over `problem-KIND`.

problem-empty = Write something here
problem-too-long = Make this shorter: { $max } characters fit here
problem-words-locked = { $max ->
    [one] Somebody has this part for up to 1 more minute. Your words are here. Save again after that
   *[other] Somebody has this part for up to { $max } more minutes. Your words are here. Save again after that
}
problem-picture-locked = { $max ->
    [one] Somebody has this part for up to 1 more minute. Choose the picture again after that
   *[other] Somebody has this part for up to { $max } more minutes. Choose the picture again after that
}
problem-not-text = Take out the signs that cannot be shown
problem-choose = Choose one
problem-sign-in = We cannot sign you in with that. Check it and try again. A card stops after five wrong tries: then ask your worker for a new card
problem-threshold = Choose a whole number from 5 to 100
problem-https = Write an address that starts with https://
problem-mail = Write an e-mail address, such as help@example.org
problem-mail-or-https = Write an e-mail address, or a web address that starts with https://
problem-phone = Write a phone number, such as 01234 567 890
problem-time-zone = Write a time zone, such as Europe/London
problem-password-short = Use 12 characters or more. Three words work well
problem-password-long = Use 200 characters or fewer
problem-password-common = Choose something harder to guess. Three words that do not belong together work well
problem-password-same = Choose a password that is different from the old one
problem-old-password = That is not your password now. Check it and try again
problem-sign-in-name-taken = Somebody has this sign-in name. Choose another
problem-sign-in-name-empty = Write a sign-in name of 3 characters or more
problem-name-empty = Write a name
problem-name-mixed-letters = Use the letters of one alphabet in each word
problem-name-like-staff = Somebody who works here has this name. Choose another name, or add a letter to it
problem-name-like-house = This name sounds like somebody who works here. Choose another name
problem-last-administrator = There is only one administrator. Make another one first
problem-delete-last-administrator = You are the only administrator. Make another one first
problem-group-last-worker = You are the only worker of this group. Add another worker first
problem-delete-last-worker = You are the only worker of a group. Add another worker to it first

wrong-not-found-title = We cannot find that page
wrong-not-found-words = It may have moved, or the address may have a mistake in it.
wrong-not-found-sign-in = Do you have a card? Sign in and try again.
wrong-not-allowed-title = You cannot do that here
wrong-not-allowed-words = This part is for other people. If you think you should be able to do it, ask a worker or an administrator.
wrong-bad-request-title = We could not read that
wrong-bad-request-words = Something in what was sent was not right. Go back and try again.
wrong-elsewhere-title = We did not take that
wrong-elsewhere-words = It did not come from our own page. Open the page here, and send it from there.
wrong-too-late-title = That took too long
wrong-too-late-words = We waited, but not all of it came. Check that you are online. Then send it again.
wrong-too-big-title = That is too big
wrong-too-big-words = Send something smaller, or send it in parts. A document can have 2 MB.
wrong-wrong-method-title = That does not work here
wrong-wrong-method-words = Go back to the page and use its buttons.
wrong-moved-on-title = Something has changed
wrong-moved-on-words = Your words were not added, but they are kept on this page.
wrong-moved-on-looked-title = You cannot do that now
wrong-go-design = Read the design
wrong-too-many-title = Please wait a little
wrong-too-many-words = That was a lot in a short time.
wrong-too-many-seconds = Try again in { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
}.
wrong-too-many-minutes = Try again in { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
}.
wrong-away-title = Please try again in a moment
wrong-away-words = We cannot reach our records just now. Wait a minute and send it again.
wrong-crowded-title = Please try again in a moment
wrong-crowded-words = Too much is being sent from where you are. Your words did not reach us. Press Back in your browser and send them again.
wrong-full-title = We could not save that
wrong-full-words = Our computer has no room left. Copy your words and keep them. Tell your worker.
wrong-fault-title = Sorry, that is our mistake
wrong-fault-words = Something went wrong on our side. Please try again.
wrong-fault-reference = If it happens again, tell us this number: { $reference }
wrong-go-home = Go to the home page
moved-on-sent-twice = This was sent already.
moved-on-sent-before = You sent this before, and changed it since. Open the page again to change it back.
problem-date = Write a day, a month and a year, such as 3 March 2027
problem-date-past = Choose a date that is still to come
problem-opens-date = Write the day, month, year and time it opens
problem-closes-date = Write the day, month, year and time it closes
problem-opens-date-past = Choose a time from now on
problem-closes-before-opening = Choose a time after it opens
problem-closes-night = This closes between 8 at night and 8 in the morning. Choose another time, or tick that you want it
problem-percent = Write a whole number from 0 to 100
problem-hand-choose = Choose OK, not sure or not OK
problem-reason-what-would-help = Say what would help
problem-reason-why-not = Say why you cannot do it
problem-reason-why-changed = Say why it changed or stopped
problem-reason-why-date = Say why the date changed
problem-reason-why-late = Say why it is late
problem-confirm-second-person = It takes two. Somebody else must agree
problem-owner-choose = Choose the person who does it
moved-on-decision-waiting = This show of hands is not open yet.
moved-on-decision-closed = This show of hands has closed. The answers that were in before closing count.
moved-on-decision-void = This show of hands was stopped. It does not count.
moved-on-design-not-checking = A show of hands needs a design that is being checked. Move the design to checking first.
moved-on-nobody-on-roll = There is nobody in the group who could answer. Add members first.
moved-on-vote-already = There is a show of hands about this design already.
moved-on-void-too-late = It has closed, so it cannot be stopped any more.
moved-on-void-asked = Somebody asked to stop it already. Open the page again to answer.
moved-on-void-not-asked = Nobody asks to stop it any more.
moved-on-outcome-written = What was decided is written down already.
moved-on-no-vote = There must be a vote before you can write what was decided.
moved-on-outcome-vote-open = The vote is still open. Write this when it has closed.
moved-on-not-decided = An action needs a design that is decided. Write what was decided first.
moved-on-not-asked-yet = You can say if it worked when you have been asked.
moved-on-not-done = You can say if it worked when it is done.

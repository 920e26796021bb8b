## What is wrong and what to do. `problem-FIELD-KIND` wins over `problem-KIND`.

problem-empty = Write something here
problem-too-long = Make this shorter: { $max } characters fit here
problem-not-text = Take out the signs that cannot be shown
problem-choose = Choose one
problem-sign-in = We cannot sign you in with that. Check it and try again, or ask your worker for a new card
problem-threshold = Choose a whole number from 5 to 100
problem-https = Write an address that starts with https://
problem-time-zone = Write a time zone, such as Europe/London
problem-password-short = Use 12 characters or more. Three words work well
problem-password-long = Use 200 characters or fewer
problem-password-common = Choose something harder to guess. Three words that do not belong together work well

wrong-not-found-title = We cannot find that page
wrong-not-found-words = It may have moved, or the address may have a mistake in it.
wrong-not-found-sign-in = Do you have a card? Sign in and try again.
wrong-not-allowed-title = You cannot do that here
wrong-not-allowed-words = This part is for other people. If you think you should be able to do it, ask your worker.
wrong-bad-request-title = We could not read that
wrong-bad-request-words = Something in what was sent was not right. Go back and try again.
wrong-elsewhere-title = We did not take that
wrong-elsewhere-words = It did not come from our own page. Open the page here, and send it from there.
wrong-too-big-title = That is too big
wrong-too-big-words = Send something smaller, or send it in parts.
wrong-wrong-method-title = That does not work here
wrong-wrong-method-words = Go back to the page and use its buttons.
wrong-moved-on-title = Something has changed
wrong-moved-on-words = Your words were not added, but they are kept on this page.
wrong-too-many-title = Please wait a little
wrong-too-many-words = There were a lot of tries from here.
wrong-too-many-minutes = Try again in { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
}.
wrong-away-title = Please try again in a moment
wrong-away-words = We cannot reach our records just now. Wait a minute and send it again.
wrong-fault-title = Sorry, that is our mistake
wrong-fault-words = Something went wrong on our side. Please try again.
wrong-fault-reference = If it happens again, tell us this number: { $reference }
wrong-go-home = Go to the home page
moved-on-sent-twice = This was sent already.

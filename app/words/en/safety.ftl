## Safety.

not-safe-title = I do not feel safe
not-safe-heading = Get help now
not-safe-lead = Is somebody hurt, or in danger, or scared? It may be you or a friend. Call one of these. You are not in trouble.
not-safe-now = In danger right now
not-safe-now-words = Police, ambulance, fire. It is free, day and night.
not-safe-childline = Childline
not-safe-childline-words = Talk about anything. It is free, day and night. It does not show on the phone bill.
not-safe-council = { $site }
not-safe-council-words = Ask for { $lead }. They help when a child or young person may be hurt.
not-safe-text = Not able to talk? Send a text
not-safe-text-number = Text SHOUT to { $number }
not-safe-text-words = Somebody texts you back. It is free, day and night.
not-safe-no-voice = If you cannot speak or hear on the phone
not-safe-no-voice-1 = You can text 999 too. Text the word register to 999 first, today, so that it works when you need it.
not-safe-no-voice-2 = In British Sign Language, use 999 BSL. On the Childline website you can chat by typing.
not-safe-who = Who reads what you write on this site
not-safe-who-1 = Nobody watches this site day and night. So do not write here when somebody is in danger. Call.
not-safe-who-2 = If you write something that worries us, a worker tells the safeguarding lead. They talk to you first if they can.
not-safe-leave = How to leave this site fast
not-safe-leave-1 = Press “Leave now” at the top of any page. Another site opens instead. Pressing Shift three times does the same.
not-safe-leave-2 = Your browser still remembers that you were here. Somebody who looks at its history can see it.
not-safe-leave-3 = If JavaScript is off in your browser, the Back button may show this site again. Then close the window too.
not-safe-leave-button = Leave this site now

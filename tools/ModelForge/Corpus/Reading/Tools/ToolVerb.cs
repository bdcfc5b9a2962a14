namespace ModelForge.Corpus.Reading.Tools;

/// <summary>Something that tools do.</summary>
/// <param name="Names">The verb in tools' names.</param>
/// <param name="Described">The verb in tools' descriptions, third person.</param>
/// <param name="Trained">How a request says it.</param>
/// <param name="HeldOut">How a request of the held-out split may say it besides.</param>
internal sealed record ToolVerb(string[] Names, string[] Described, string[] Trained, string[] HeldOut)
{
    public static readonly IReadOnlyList<ToolVerb> All = [.. Fillers.Lines("""
        create,add,make,new / Creates,Adds,Makes / create,add,make,set up / produce
        delete,remove,erase / Deletes,Removes,Erases / delete,remove,erase,get rid of / drop,throw away
        update,change,edit / Updates,Changes,Edits / update,change,edit / alter,modify
        find,search,lookup / Finds,Searches for,Looks up / find,search for,look up,look for / locate
        get,fetch,read / Gets,Fetches,Reads / get,fetch,read,give me / get me,bring me
        show,display,view / Shows,Displays / show,display,show me / let me see
        send,mail / Sends,Mails / send,mail,send off / send out
        book,reserve / Books,Reserves / book,reserve / make a reservation of
        cancel / Cancels / cancel,call off / cancel
        start,launch,run / Starts,Launches,Runs / start,launch,run / fire up
        stop,halt / Stops,Halts / stop,halt / bring to a stop
        open / Opens / open,open up / open
        close,shut / Closes,Shuts / close,shut / close down
        count / Counts / count,count up / tell me the count of
        rename / Renames / rename,give a new name to / rename
        move / Moves / move / relocate
        copy,duplicate / Copies,Duplicates / copy,duplicate / make a copy of
        assign / Assigns / assign / hand over
        approve,accept / Approves,Accepts / approve,accept / say yes to
        reject,refuse / Rejects,Refuses / reject,refuse / turn down
        archive / Archives / archive,put into the archive / archive
        print / Prints / print,print out / put on paper
        export / Exports / export / export
        import / Imports / import / import
        share / Shares / share / share
        schedule,plan / Schedules,Plans / schedule,plan / put on the calendar
        translate / Translates / translate / translate
        check,verify / Checks,Verifies / check,verify / have a look at
        play / Plays / play / play
        order,buy / Orders,Buys / order,buy / purchase
        pay / Pays / pay,pay for / settle
        track,follow / Tracks,Follows / track,follow / keep an eye on
        lock / Locks / lock,lock up / lock
        unlock / Unlocks / unlock / unlock
        list / Lists / list,list up / list
        publish / Publishes / publish / make public
        upload / Uploads / upload / upload
        download / Downloads / download / download
        restart / Restarts / restart / start again
        measure / Measures / measure / measure
        """).Select(Parse)];

    private static ToolVerb Parse(string line)
    {
        var lists = line.Split(" / ").Select(list => list.Split(',', StringSplitOptions.TrimEntries)).ToArray();
        return new ToolVerb(lists[0], lists[1], Phrasings.Trained("verb " + lists[0][0], lists[2], lists[3].Except(lists[2]).ToArray()), lists[3]);
    }
}

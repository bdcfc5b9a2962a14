namespace ModelForge.Corpus.Reading;

/// <summary>Sentences that state no fact, and the words that may stand around one that does.</summary>
internal static class Fillers
{
    private static readonly string[] HeldOut = Lines("""
        The sun came out at last.
        Someone had brought sandwiches.
        We all had a good laugh.
        A short break did everyone good.
        The chairs were not very soft.
        There was little time to prepare.
        Later we went for a walk.
        The music was too loud.
        Few remembered how it began.
        No one asked for more.
        It felt like a holiday.
        The air was fresh and cool.
        """);

    private static readonly string[] HeldOutOpeners = Lines("""
        As the list shows,
        Besides,
        For your information,
        We were told that
        It turned out that
        """);

    private static readonly string[] HeldOutEndings = Lines("""
        , as promised
        , which made us smile
        , or so the story goes
        , at long last
        """);

    private static readonly string[] Trained = Phrasings.Trained("filler", Lines("""
        It was a long day.
        The weather was fine.
        Everyone was in a good mood.
        There was coffee for all.
        Nobody had any questions.
        The room was full.
        We talked for a while.
        Some people came late.
        The rest is still unclear.
        It took longer than expected.
        That was all for today.
        More news will follow soon.
        The notes were short.
        The mood was calm.
        It rained in the morning.
        Lunch was good.
        Many thanks to all who helped.
        Some details are missing.
        The discussion went on for a while.
        Nothing else was said.
        The phones were quiet.
        People were happy to be back.
        There is still much to do.
        The next days will be busy.
        A few people took photos.
        The lights went out for a moment.
        We waited for the others.
        It was nice to meet in person.
        Please read this with care.
        As always, there was cake.
        The week began well.
        Some of it was hard to hear.
        Time passed quickly.
        The windows were open.
        Here is what we know.
        This may change.
        It is too early to say more.
        The talk was friendly.
        All the others were on holiday.
        In the end everybody was tired.
        """), HeldOut);

    private static readonly string[] TrainedOpeners = Phrasings.Trained("opener", Lines("""
        As far as we know,
        According to the notes,
        By the way,
        As agreed,
        For now,
        At the moment,
        As you may know,
        Please note:
        Also,
        In addition,
        To be clear,
        Good news:
        From today on,
        We heard that
        It is known that
        The notes say that
        Somebody wrote that
        """), HeldOutOpeners);

    private static readonly string[] TrainedEndings = Phrasings.Trained("ending", Lines("""
        , as expected
        , as we all know
        , which is good
        , they say
        , it seems
        , if the notes are right
        , to our surprise
        , like before
        , which surprised nobody
        , as was said
        , so we were told
        , and that is fine
        , at least for now
        , which may change
        """), HeldOutEndings);

    private static readonly string[] Subjects = Words("The garden|The kitchen|The street|The music|The food|The journey|The view|The old clock|The evening|The afternoon|The break|The chairs|The coffee|The door|The lift|The air|The tea|The light");
    private static readonly string[] States = Words("was nice|was quiet|was cold|was warm|was loud|was late|was good again|was rather slow|was not to be seen|was better than before|was full of people|was a bit dark|was fine|was strange|was new to us|was just right");
    private static readonly string[] Moments = Words("|| today| at first| in the end| this time| for once| as always| again| for an hour| most of the day");

    /// <summary>A sentence without a fact.</summary>
    public static string Sentence(CorpusRandom random, CorpusSplit split)
    {
        if (split == CorpusSplit.HeldOut)
            return random.Pick(HeldOut);
        return random.Chance(0.6) ? random.Pick(Trained) : $"{random.Pick(Subjects)} {random.Pick(States)}{random.Pick(Moments)}.";
    }

    /// <summary>The fact in one of its kind's sentences, sometimes with words around it.</summary>
    public static string Sentence(Fact fact, CorpusRandom random, CorpusSplit split)
    {
        var phrasing = Phrasings.Disturb(random.Pick(fact.Kind.Sentences(split)), random, split);
        if (random.Chance(0.12))
            phrasing = phrasing[..^1] + random.Pick(split == CorpusSplit.Trained ? TrainedEndings : HeldOutEndings) + ".";
        if (!random.Chance(0.2))
            return fact.In(phrasing);
        var opener = random.Pick(split == CorpusSplit.Trained ? TrainedOpeners : HeldOutOpeners);
        return opener + " " + fact.In(char.ToLowerInvariant(phrasing[0]) + phrasing[1..]);
    }

    internal static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string[] Words(string text) => text.Split('|');
}

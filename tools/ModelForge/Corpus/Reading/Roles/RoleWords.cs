namespace ModelForge.Corpus.Reading.Roles;

/// <summary>Jobs and duties that generated role descriptions are made of. Any job may have any duty: a model should read, not guess.</summary>
internal static class RoleWords
{
    private static readonly string[] Jobs = List("""
        coder|tester|reviewer|architect|planner|writer|editor|translator|researcher|analyst|designer|manager|monitor|logger|scheduler|librarian|teacher
        critic|judge|guard|auditor|helper|host|cook|driver|broker|clerk|scout|guide|coach|banker|lawyer|doctor|nurse|mechanic|builder|painter|buyer|seller
        release manager|test engineer|data collector|note taker|bug hunter|security officer|log reader|mail writer|task planner|code reviewer|team leader
        price checker|web designer|fact checker|report writer|site builder|game master|travel planner|support agent|network expert|data keeper
        """);

    private static readonly string[] Verbs = List("""
        write|read|check|collect|plan|review|test|sort|answer|send|count|draw|fix|build|list|explain|compare|translate|archive|measure|clean|store|rank
        publish|report|update|watch|search|print|share|approve|order|pack|sell|prepare|track|label|merge|copy|name|study|summarize|repair|improve
        """);

    private static readonly string[] Objects = List("""
        code|tests|reports|letters|plans|designs|logs|mails|notes|bugs|data|files|papers|books|articles|invoices|orders|tickets|pages|tables|charts
        maps|prices|backups|servers|contracts|recipes|songs|photos|documents|budgets|schedules|questions|results|errors|messages|releases|tasks
        reviews|meetings|rules|summaries|translations|drafts|lists|numbers|customer mails|error messages|test results|web pages|sales figures
        travel plans|design papers|log files|news stories|work orders|price lists|user questions|meeting notes
        """);

    private static readonly string[] Endings = List("every day|for the team|with care|for customers|in time|at night|each week|on request|before noon|for the board|in English|without delay");

    public static string Job(CorpusRandom random, CorpusSplit split) => Fitting(random, split, static random => random.Pick(Jobs));

    public static string Duty(CorpusRandom random, CorpusSplit split) =>
        Fitting(random, split, static random => $"{random.Pick(Verbs)} {random.Pick(Objects)}{(random.Chance(0.2) ? " " + random.Pick(Endings) : "")}");

    private static string Fitting(CorpusRandom random, CorpusSplit split, Func<CorpusRandom, string> make)
    {
        // Held-out roles mix held-out words with trained ones, as an unseen role does.
        while (true)
        {
            var words = make(random);
            if (split == CorpusSplit.HeldOut || !MadeUpNames.IsHeldOut(words))
                return words;
        }
    }

    private static string[] List(string text) => text.Split(['|', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

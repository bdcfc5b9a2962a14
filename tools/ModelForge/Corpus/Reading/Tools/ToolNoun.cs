namespace ModelForge.Corpus.Reading.Tools;

/// <summary>Something that tools do something to.</summary>
/// <param name="Word">As a request says it.</param>
internal sealed record ToolNoun(string Word)
{
    public static readonly IReadOnlyList<ToolNoun> All = [.. """
        invoice|ticket|user|file|room|flight|hotel|car|message|email|note|task|meeting|event|report|photo|song|video|document|folder|account|product
        customer|contract|server|service|job|process|backup|database|table|page|comment|review|article|book|recipe|package|parcel|payment|refund|bill
        budget|project|team|role|group|channel|alarm|timer|reminder|lamp|door|window|heater|camera|printer|playlist|game|ticket sale|bus ride|train trip
        meeting room|parking spot|phone call|bank transfer|weather report|news story|stock price|exchange rate|user account|access code|gift card
        mail address|test run|software update|log file|config file|web page|shopping list|work order|travel plan|sales offer|job offer|press release
        letter|poem|map|route|seat|table booking|membership|license|certificate|key|sensor|robot|drone|container|cluster|queue|topic|branch|commit|release
        """.Split(['|', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(word => new ToolNoun(word))];

    /// <summary>As a tool's name has it.</summary>
    public string Name => Word.Replace(' ', '_');

    public string WithArticle => ("aeiou".Contains(Word[0], StringComparison.Ordinal) && !Word.StartsWith("user", StringComparison.Ordinal) ? "an " : "a ") + Word;
}

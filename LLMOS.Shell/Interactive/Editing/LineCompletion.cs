namespace LLMOS.Shell.Interactive.Editing;

/// <summary>How a line can go on.</summary>
/// <param name="Start">Where the word begins that the candidates would replace.</param>
/// <param name="Candidates">Whole words, as they would be written.</param>
internal sealed record LineCompletion(int Start, IReadOnlyList<string> Candidates)
{
    /// <summary>What all candidates begin with; empty for none.</summary>
    public string Common
    {
        get
        {
            if (Candidates.Count == 0)
            {
                return "";
            }

            var common = Candidates[0];
            foreach (var candidate in Candidates)
            {
                var length = 0;
                while (length < common.Length && length < candidate.Length && common[length] == candidate[length])
                {
                    length++;
                }

                common = common[..length];
            }

            return common;
        }
    }
}

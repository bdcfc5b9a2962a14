namespace ModelForge.Training;

/// <summary>How well documents were predicted, by task.</summary>
internal sealed class BatchOutcome(int tasks)
{
    private readonly TaskOutcome[] _tasks = new TaskOutcome[tasks];

    public ReadOnlySpan<TaskOutcome> Tasks => _tasks;

    /// <summary>Counts a document.</summary>
    /// <param name="task">Its task.</param>
    /// <param name="loss">The sum of its tokens' losses, in nats.</param>
    /// <param name="targets">Tokens to be predicted.</param>
    /// <param name="right">Those that the model held likeliest.</param>
    public void Count(int task, double loss, int targets, int right)
    {
        ref var outcome = ref _tasks[task];
        outcome = new TaskOutcome(
            outcome.Loss + loss, outcome.Targets + targets, outcome.Documents + 1, outcome.RightDocuments + (right == targets ? 1 : 0));
    }

    public void Add(BatchOutcome other)
    {
        for (var task = 0; task < _tasks.Length; task++)
        {
            var (mine, its) = (_tasks[task], other._tasks[task]);
            _tasks[task] = new TaskOutcome(
                mine.Loss + its.Loss, mine.Targets + its.Targets, mine.Documents + its.Documents, mine.RightDocuments + its.RightDocuments);
        }
    }

    public void Clear() => Array.Clear(_tasks);
}

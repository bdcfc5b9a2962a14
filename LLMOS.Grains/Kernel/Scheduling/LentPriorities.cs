namespace LLMOS.Kernel.Scheduling;

/// <summary>The priorities that those who wait for a process lend it. It is empty, and costs nothing, while nobody does.</summary>
public sealed class LentPriorities
{
    private Dictionary<Guid, Loan>? _loans;

    public int Count => _loans?.Count ?? 0;

    /// <summary>When the first of them is over unless it is lent anew; null when there is none.</summary>
    public DateTimeOffset? NextExpiry => _loans?.Values.Min(loan => loan.Until);

    /// <summary>As urgent as the process itself, or as the most urgent of those that wait for it.</summary>
    public ProcessPriority Of(ProcessPriority own)
    {
        if (_loans is not null)
        {
            foreach (var loan in _loans.Values)
            {
                own = loan.Priority < own ? loan.Priority : own;
            }
        }

        return own;
    }

    /// <summary>The most urgent priority that is lent for a message; null for none.</summary>
    public ProcessPriority? For(Guid message)
    {
        ProcessPriority? most = null;
        foreach (var loan in _loans?.Values ?? Enumerable.Empty<Loan>())
        {
            if (loan.Message == message && !(most <= loan.Priority))
            {
                most = loan.Priority;
            }
        }

        return most;
    }

    /// <summary>Lends a priority, or lends it anew.</summary>
    /// <param name="wait">The wait that it is lent for.</param>
    /// <param name="priority">How urgent the lender is.</param>
    /// <param name="message">The message whose handling is waited for; empty for none.</param>
    /// <param name="until">When it is over if it is not lent anew.</param>
    public void Lend(Guid wait, ProcessPriority priority, Guid message, DateTimeOffset until) =>
        (_loans ??= [])[wait] = new Loan(priority, message, until);

    /// <summary>The wait is over.</summary>
    /// <returns>The message that it was about; null when nothing was lent for it.</returns>
    public Guid? Return(Guid wait)
    {
        if (_loans is null || !_loans.Remove(wait, out var loan))
        {
            return null;
        }

        Tidy();
        return loan.Message;
    }

    /// <summary>A message is done with, and nobody waits for it any more.</summary>
    public bool Settle(Guid message) => Forget(loan => loan.Message == message).Count > 0;

    /// <summary>Forgets those whose lenders were not heard of for too long.</summary>
    /// <returns>The messages that they were about.</returns>
    public IReadOnlyList<Guid> Expire(DateTimeOffset now) => Forget(loan => loan.Until <= now);

    public void Clear() => _loans = null;

    private List<Guid> Forget(Predicate<Loan> which)
    {
        List<Guid> messages = [];
        foreach (var (wait, loan) in _loans?.ToArray() ?? [])
        {
            if (which(loan))
            {
                _loans!.Remove(wait);
                messages.Add(loan.Message);
            }
        }

        Tidy();
        return messages;
    }

    private void Tidy() => _loans = _loans is { Count: > 0 } ? _loans : null;

    private readonly record struct Loan(ProcessPriority Priority, Guid Message, DateTimeOffset Until);
}

namespace LLMOS.Kernel.Resources;

/// <summary>
/// Requests for tokens that an account answers together: what each would be granted is held for it, then the account
/// above is asked once for all of it, and what that grants is shared out in the order of the requests.
/// </summary>
internal sealed class ReserveBatch(TokenAccount account, IReadOnlyList<PendingReserve> requests)
{
    // How soon one asks again who got nothing of what the account above still had.
    private static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(1);

    private List<PendingReserve> _granted = [];

    private long Sum => _granted.Sum(request => request.Grant.Granted);

    /// <summary>Holds for each request what the account itself can grant.</summary>
    public void Offer(DateTimeOffset now)
    {
        foreach (var request in requests)
        {
            account.Observe(request.Holder, request.Reading, now);
            request.Grant = account.Offer(request.Holder, request.Least, request.Most, request.Requests, now);
            if (request.Grant.Granted > 0)
            {
                account.Lease(request.Holder, request.Grant.Granted, request.Requests, now);
            }
        }

        _granted = [.. requests.Where(request => request.Grant.Granted > 0)];
    }

    /// <summary>What the account above is to be asked for; null when there is nothing to ask for.</summary>
    public PendingReserve? Upward(string name)
    {
        if (_granted.Count == 0)
        {
            return null;
        }

        var reading = account.Reading;
        return new PendingReserve(
            name, reading with { Lease = reading.Lease - Sum }, _granted[0].Least, Sum, _granted.Sum(request => request.Requests));
    }

    /// <summary>Shares out what the account above granted; who gets too little gets nothing.</summary>
    /// <returns>Whether something is left that the account above should have back.</returns>
    public bool Settle(TokenGrant above, string parent, DateTimeOffset now)
    {
        var left = above.Granted;
        foreach (var request in _granted)
        {
            var part = Math.Min(request.Grant.Granted, left);
            var mine = part >= request.Least ? part : 0;
            left -= mine;
            account.Unlease(request.Holder, request.Grant.Granted - mine);
            request.Grant = mine > 0 ? request.Grant with { Granted = mine }
                : above.Granted == 0 ? above
                : new TokenGrant { RetryAt = now + SoonAgain, Reason = $"the account {parent} has too little left for all who wait; it is asked again in 1 s at the latest" };
        }

        return left > 0;
    }

    /// <summary>Gives everything back: the account above did not answer.</summary>
    public void Revoke() => _granted.ForEach(request => account.Unlease(request.Holder, request.Grant.Granted));
}

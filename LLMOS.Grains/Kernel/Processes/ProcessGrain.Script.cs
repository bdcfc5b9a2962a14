namespace LLMOS.Kernel.Processes;

// Durability token: what a turn says is in the store before it is shown, and an attempt that was cut short is gone on with.
public sealed partial class ProcessGrain
{
    private TurnScript? _script;

    // The message whose turn a former life of the process had begun.
    private Guid? _begunBefore;

    /// <summary>The message whose turn has begun to speak: it comes to its end before another begins.</summary>
    private Guid? Begun => _script is { Opening: not null } script ? script.MessageId : _begunBefore;

    /// <summary>Tokens of the open turn's script that the meter has already.</summary>
    private long ChargedOf(Guid messageId) => Record.ChargedTurn == messageId ? Record.ChargedTokens : 0;

    /// <summary>Tokens of an answer, or of what a turn that ends without one had said, that are not charged yet.</summary>
    private long NotCharged(Guid messageId, long answered)
    {
        var said = answered > 0 || _script?.MessageId != messageId ? answered : _script.Tokens;
        return Math.Max(0, said - ChargedOf(messageId));
    }

    private async Task FindBegunAsync(CancellationToken cancellationToken)
    {
        if (Spec.Durability == ProcessDurability.Token && await _turns.FindAsync(Pid, cancellationToken) is { } begun && _mailbox.Contains(begun))
        {
            _begunBefore = begun;
        }
    }

    /// <summary>The script of a turn that is about to run, with what an earlier attempt at it said; null at durability turn.</summary>
    private async Task<TurnScript?> OpenScriptAsync(Guid messageId)
    {
        if (Spec.Durability != ProcessDurability.Token)
        {
            return null;
        }

        if (_script is null or { HasFailed: true })
        {
            _script = await TurnScript.ReadAsync(_turns, Pid, messageId, (text, tokens) => ShowText(messageId, text, tokens), _script);
        }

        // What was on its way when an earlier attempt was stopped.
        await _script.FlushAsync();
        _script.Show();
        _attemptTokens += Math.Max(0, _script.Tokens - ChargedOf(messageId));
        return _script;
    }

    private void CloseScript()
    {
        _script = null;
        _begunBefore = null;
        (Record.ChargedTurn, Record.ChargedTokens) = (Guid.Empty, 0);
    }

    /// <summary>All that the attempt under way computed is about to be charged: of what is in its script, no later attempt is charged again.</summary>
    private async Task NoteChargedAsync()
    {
        if (_script is not { Opening: not null } script)
        {
            return;
        }

        try
        {
            await script.FlushAsync();
        }
        catch (Exception exception) when (exception is LlmosException or OperationCanceledException)
        {
            // What is not in the log is computed again, and charged again.
        }

        (Record.ChargedTurn, Record.ChargedTokens) = (script.MessageId, script.Tokens);
    }

    /// <summary>Tells watchers that an attempt at a turn came to nothing, or to as much as its script has.</summary>
    private void TellInterrupted(Guid messageId, string text = "")
    {
        if (_script is { Opening: not null } script && script.MessageId == messageId)
        {
            _outputs.Add(ProcessOutputKind.StateChanged, messageId, $"{(text.Length > 0 ? text.TrimEnd('.') + "; " : "")}the turn goes on after its {script.Tokens} tokens");
        }
        else
        {
            _outputs.Add(ProcessOutputKind.TurnRestarted, messageId, text);
        }
    }

    // A turn that was stopped shows no more of what was on its way.
    private bool ShowText(Guid messageId, string text, int tokens)
    {
        if (_turn is not { IsCancellationRequested: false })
        {
            return false;
        }

        _outputs.Add(ProcessOutputKind.Text, messageId, text, tokens);
        return true;
    }
}

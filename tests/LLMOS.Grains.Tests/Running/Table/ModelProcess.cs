using LLMOS.Kernel.Processes;

namespace LLMOS.Tests.Running.Table;

/// <summary>A process as the model has it: what its words in the documentation say, and no more.</summary>
internal sealed class ModelProcess(long pid, string name, ModelProcess? parent, DependencyPolicy policy, bool restarts)
{
    /// <summary>What a turn that fails spends.</summary>
    private const long TokensOfFailure = 10;

    private readonly List<ModelProcess> _dependents = [];
    private readonly List<ModelProcess> _heldBy = [];
    private readonly Queue<string> _messages = new();
    private bool _isSuspended;

    public long Pid => pid;

    public string Name => name;

    /// <summary>Whoever it spends from, which stays so when it is orphaned.</summary>
    public ModelProcess? Payer { get; } = parent;

    /// <summary>Null for init.</summary>
    public ModelProcess? Parent { get; private set; } = parent;

    public List<ModelProcess> Children { get; } = [];

    public List<ModelProcess> WaitsFor { get; } = [];

    public ExitKind? Exit { get; private set; }

    public long Turns { get; private set; }

    public long Tokens { get; private set; }

    public int Waiting => _messages.Count;

    public bool HasEnded => Exit is not null;

    public ProcessState State => HasEnded ? ProcessState.Terminated : _isSuspended ? ProcessState.Suspended : ProcessState.Blocked;

    public BlockReason BlockedOn => State != ProcessState.Blocked ? BlockReason.None : WaitsFor.Count > 0 ? BlockReason.Dependency : BlockReason.Receive;

    public bool SpendsFrom(ModelProcess other) => this == other || Payer?.SpendsFrom(other) == true;

    public void WaitFor(ModelProcess other)
    {
        WaitsFor.Add(other);
        other._dependents.Add(this);
        if (other.HasEnded)
        {
            DependencyEnded(other);
        }
    }

    public void Kill() => End(ExitKind.Kill);

    /// <summary>All that descend from it end with it, by the same kill; who waits for one of them hears of its end after its family has.</summary>
    public void KillTree()
    {
        if (HasEnded)
        {
            return;
        }

        var children = Children.ToList();
        Leave(ExitKind.Kill);
        children.ForEach(child => child.KillTree());
        TellDependents();
    }

    public void Suspend() => _isSuspended = !HasEnded;

    public void Resume()
    {
        if (_isSuspended)
        {
            _isSuspended = false;
        }
        else
        {
            _heldBy.ForEach(held => WaitsFor.Remove(held));
            _heldBy.Clear();
        }

        Handle();
    }

    /// <summary>Takes a message: <c>exit</c>, or one whose turn fails more often than it begins anew.</summary>
    public void Tell(string message)
    {
        _messages.Enqueue(message);
        Handle();
    }

    private void Handle()
    {
        while (!HasEnded && !_isSuspended && WaitsFor.Count == 0 && _messages.TryDequeue(out var message))
        {
            Turns++;
            if (message == "exit")
            {
                End(ExitKind.Exit);
                return;
            }

            Tokens += TokensOfFailure * (restarts ? 2 : 1);
            if (restarts)
            {
                End(ExitKind.Fault);
            }
        }
    }

    private void End(ExitKind kind)
    {
        if (HasEnded)
        {
            return;
        }

        Leave(kind);
        TellDependents();
    }

    private void Leave(ExitKind kind)
    {
        Exit = kind;
        _messages.Clear();
        Parent?.Children.Remove(this);
        Children.ForEach(child => child.Parent = null);
        Children.Clear();
    }

    private void TellDependents() => _dependents.ForEach(dependent => dependent.DependencyEnded(this));

    private void DependencyEnded(ModelProcess other)
    {
        if (HasEnded)
        {
            return;
        }

        if (other.Exit == ExitKind.Exit || policy == DependencyPolicy.Ignore)
        {
            WaitsFor.Remove(other);
            Handle();
        }
        else if (policy == DependencyPolicy.Wait)
        {
            _heldBy.Add(other);
        }
        else
        {
            End(ExitKind.Fault);
        }
    }
}

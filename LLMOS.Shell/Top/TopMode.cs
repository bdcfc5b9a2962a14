namespace LLMOS.Shell.Top;

/// <summary>What keys mean to <c>top</c>.</summary>
internal enum TopMode
{
    /// <summary>Keys are commands on the table.</summary>
    Table,

    /// <summary>Keys are typed into the filter.</summary>
    Filter,

    /// <summary>Whether the selected process is to be killed is asked.</summary>
    Kill,

    /// <summary>By how much the priority of the selected process changes is typed.</summary>
    Nice,

    /// <summary>The keys are explained.</summary>
    Help,
}

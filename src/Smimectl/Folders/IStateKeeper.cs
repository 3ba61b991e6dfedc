namespace Smimectl;

/// <summary>Remembers specs and statuses: the memory that a cluster would have.</summary>
internal interface IStateKeeper : IDisposable
{
    /// <summary>Makes the versions of Secrets and ConfigMaps.</summary>
    DataVersions Versions { get; }

    /// <summary>What the last run left; null where there was none.</summary>
    /// <exception cref="StateFileException">It is damaged.</exception>
    SavedRecords? Load();

    /// <summary>Takes note of how things stand.</summary>
    Task SaveAsync(ResourceState state);
}

/// <summary>What a run left, or what a cluster holds.</summary>
/// <param name="ClusterId">Part of the mark on what was made.</param>
/// <param name="Records">The resources with their statuses.</param>
internal sealed record SavedRecords(string ClusterId, IReadOnlyList<ResourceRecord> Records);

/// <summary>Remembers nothing of its own: begins with what somebody else remembers, and leaves that as it is.</summary>
internal sealed class BorrowedState(SavedRecords? records, DataVersions versions) : IStateKeeper
{
    public DataVersions Versions => versions;

    public SavedRecords? Load() => records;

    public Task SaveAsync(ResourceState state) => Task.CompletedTask;

    public void Dispose()
    {
    }
}

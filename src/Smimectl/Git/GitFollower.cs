namespace Smimectl;

/// <summary>Keeps a copy of a branch up to date while a sync works from it.</summary>
internal static class GitFollower
{
    /// <summary>Looks again and again until it is cancelled. What is in the tenant stays while the remote is away.</summary>
    /// <param name="copy">The copy.</param>
    /// <param name="interval">The pause between two looks.</param>
    /// <param name="error">Where faults are told, each once until it changes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task FollowAsync(GitCopy copy, TimeSpan interval, TextWriter error, TimeProvider time, CancellationToken cancellationToken)
    {
        var told = "";
        try
        {
            while (true)
            {
                await Task.Delay(interval, time, cancellationToken);
                try
                {
                    await copy.UpdateAsync(cancellationToken);
                    told = "";
                }
                catch (GitException fault) when (fault.Message != told)
                {
                    told = fault.Message;
                    await error.WriteLineAsync($"{ToolName.Program}: {fault.Message}; the copy stays as it is");
                }
                catch (GitException fault)
                {
                    told = fault.Message;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }
}

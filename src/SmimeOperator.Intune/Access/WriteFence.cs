namespace SmimeOperator.Intune;

/// <summary>Says whether this process may still change tenants. Asked right before each write.</summary>
public interface IWriteFence
{
    /// <summary>False once another process may have taken over.</summary>
    bool IsOpen { get; }
}

/// <summary>A write was not sent, because another process may have taken over.</summary>
internal sealed class WriteFencedException() : InvalidOperationException("Another process may have taken over; the write was not sent.");

/// <summary>Refuses writes behind a closed fence. The innermost handler: nothing waits between the question and the network.</summary>
internal sealed class FenceHandler(IWriteFence fence, string userAgent) : DelegatingHandler
{
    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (GraphHandlers.CallOf(request).Write && !fence.IsOpen)
        {
            throw new WriteFencedException();
        }

        request.Headers.UserAgent.Clear();
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        return base.SendAsync(request, cancellationToken);
    }
}

/// <summary>The fence of a process that is the only one.</summary>
internal sealed class OpenFence : IWriteFence
{
    public static OpenFence Instance { get; } = new();

    public bool IsOpen => true;
}

using System.Buffers;

namespace SmimeOperator.Runtime.Watching;

/// <summary>Cuts a stream into lines without making strings of them.</summary>
internal sealed class LineReader(Stream stream) : IDisposable
{
    /// <summary>Far above what etcd can hold in one object; a longer line is no line.</summary>
    private const int LongestLine = 64 * 1024 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
    private int _start;
    private int _end;

    /// <summary>The next line without its end; null at the end of the stream. Valid until the next call.</summary>
    /// <remarks>What stands after the last line end is a line cut short and is not returned.</remarks>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadLineAsync(CancellationToken cancellationToken)
    {
        var searched = _start;
        while (true)
        {
            var newline = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                var line = _buffer.AsMemory(_start, searched + newline - _start);
                _start = searched + newline + 1;
                return line;
            }

            searched = MakeRoom();
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return null;
            }

            _end += read;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    /// <summary>Moves the unfinished line to the front and grows the buffer when it is full; returns where to search on.</summary>
    private int MakeRoom()
    {
        var length = _end - _start;
        if (length == _buffer.Length)
        {
            if (length >= LongestLine)
            {
                throw new InvalidDataException("The watch sent a line without end.");
            }

            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(_start, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else if (_start > 0)
        {
            _buffer.AsSpan(_start, length).CopyTo(_buffer);
        }

        (_start, _end) = (0, length);
        return length;
    }
}

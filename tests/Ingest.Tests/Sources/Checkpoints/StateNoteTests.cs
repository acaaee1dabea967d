namespace KpiStream.Ingest.Tests.Sources.Checkpoints;

/// <summary>What it was or what it is to be, and never anything else.</summary>
public sealed class StateNoteTests
{
    private const string Name = "note.json";
    private static readonly byte[] First = "{\"a\":1}"u8.ToArray();
    private static readonly byte[] Second = "{\"a\":2,\"phường\":\"Phố Hiến\"}"u8.ToArray();

    [Fact]
    public void NeverWritten_IsEmptyAndSound()
    {
        Assert.True(new StateNote(new MemoryFiles(), Name).TryRead(out var line));
        Assert.Empty(line);
    }

    [Fact]
    public void FailingAtAnyCall_LeavesTheOldOneOrTheNewOne()
    {
        for (var call = 1; ; call++)
        {
            var files = new MemoryFiles();
            var note = new StateNote(files, Name);
            note.Write(First);
            files.FailFrom = files.Calls + call;
            var isWritten = TryWrite(note);
            Assert.Contains(Read(files.AfterKill()), (string[])[Text(First), Text(Second)]);
            Assert.Equal(Text(isWritten ? Second : First), Read(files.AfterPowerCut()));

            files.FailFrom = int.MaxValue;
            note.Write(Second);
            Assert.Equal(Text(Second), Read(files.AfterPowerCut()));
            if (isWritten)
            {
                Assert.InRange(call, 5, 10);
                return;
            }
        }
    }

    [Fact]
    public void AnyByteChangedOrMissing_IsNoticed()
    {
        var files = new MemoryFiles();
        new StateNote(files, Name).Write(Second);
        var sound = files[Name];
        for (var place = 0; place < sound.Length; place++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                files[Name] = [.. sound[..place], (byte)(sound[place] ^ (1 << bit)), .. sound[(place + 1)..]];
                Assert.False(new StateNote(files, Name).TryRead(out _), $"byte {place} bit {bit}");
            }

            files[Name] = sound[..place];
            Assert.False(new StateNote(files, Name).TryRead(out _), $"cut at {place}");
        }
    }

    private static string Text(byte[] line) => Encoding.UTF8.GetString(line);

    private static string Read(MemoryFiles files)
    {
        Assert.True(new StateNote(files, Name).TryRead(out var line));
        return Text(line);
    }

    private static bool TryWrite(StateNote note)
    {
        try
        {
            note.Write(Second);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}

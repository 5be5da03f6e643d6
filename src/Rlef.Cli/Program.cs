Console.WriteLine("rlef");
